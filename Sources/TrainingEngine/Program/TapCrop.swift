import Architecture

/// The taps of a convolution's kernel that meet the image at all.
///
/// On maps smaller than the kernel the outer taps only ever multiply padding: a 3×3 convolution of a
/// 1×1 map is its centre tap. Leaving them out changes no result and no gradient, which is zero for
/// them, and spares most of the work.
struct TapCrop: Equatable {
  /// First tap, the same in both directions.
  let offset: Int
  /// The window of the taps that are left.
  let window: WindowPlan

  /// nil where every tap is used, or where the rest is no square window.
  init?(_ window: WindowPlan, input: ImageShape, output: ImageShape) {
    let padding = window.padding
    guard input.height == input.width, output.height == output.width, padding.top == padding.left,
      padding.bottom == padding.right
    else { return nil }
    let used = (0..<window.kernel).filter { tap in
      (0..<output.width).contains {
        (0..<input.width).contains($0 * window.stride + tap - padding.left)
      }
    }
    guard let first = used.first, let last = used.last, used.count < window.kernel else {
      return nil
    }
    let kernel = last - first + 1
    // The last output reads up to here; taps and padding behind it are gone together.
    let before = padding.left - first
    let after = (output.width - 1) * window.stride + kernel - before - input.width
    guard before >= 0, after >= 0 else { return nil }
    offset = first
    self.window = WindowPlan(
      kernel: kernel, stride: window.stride,
      padding: WindowPlan.Padding(top: before, left: before, bottom: after, right: after))
  }
}
