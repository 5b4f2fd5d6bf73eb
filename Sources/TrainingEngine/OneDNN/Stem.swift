import COneDNN

/// The weights' gradient of a convolution of images with few channels.
final class Stem {
  let shape: rt_stem
  private let source: Layout
  private let gradient: Layout
  private let weights: Layout

  /// - Returns: nil where the kernels cannot do it.
  init?(_ convolution: rt_convolution, element: Element) throws(LibraryFailure) {
    let block = Library.channelBlock
    shape = rt_stem(shape: convolution, block: Int64(block), element: element)
    guard withUnsafePointer(to: shape, rt_stem_supports) else { return nil }
    let c = convolution
    source = try Layout(
      rowMajor: [c.batch, c.input_channels, c.input_height, c.input_width].map(Int.init))
    gradient = try Layout(
      blockedActivations: [c.batch, c.output_channels, c.output_height, c.output_width].map(
        Int.init), block: block, element: element)
    weights = try Layout(
      rowMajor: [c.output_channels, c.input_channels, c.kernel, c.kernel].map(Int.init))
  }

  func layout(_ role: rt_role) -> Layout? {
    switch role {
    case RT_SOURCE: source
    case RT_DESTINATION_GRADIENT: gradient
    case RT_WEIGHTS_GRADIENT: weights
    default: nil
    }
  }

  /// The name of the code, such as `stem:avx2`.
  var implementation: String {
    "stem:\(Library.kernelInstructions(block: Int(shape.block)))"
  }

  var scratchByteCount: Int { withUnsafePointer(to: shape, rt_stem_scratch) }
}
