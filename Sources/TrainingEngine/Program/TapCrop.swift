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

  /// nil where every tap is used, or where the rest is no square symmetric window.
  init?(_ window: WindowPlan, input: ImageShape, output: ImageShape) {
    guard input.height == input.width, output.height == output.width else { return nil }
    let used = (0..<window.kernel).filter { tap in
      (0..<output.width).contains {
        (0..<input.width).contains($0 * window.stride + tap - window.padding)
      }
    }
    guard let first = used.first, let last = used.last, used.count < window.kernel else {
      return nil
    }
    let cropped = WindowPlan(
      kernel: last - first + 1, stride: window.stride, padding: window.padding - first)
    guard cropped.padding >= 0, cropped.output(input.width) == output.width else { return nil }
    offset = first
    self.window = cropped
  }
}
