import COneDNN

/// The weights' gradient of a convolution of images with few channels.
final class Stem: ConvolutionKernel {
  let pass = StepCall.Pass.backwardWeights
  private let shape: rt_stem
  let layouts: ConvolutionLayouts

  /// - Returns: nil where the kernels cannot do it.
  init?(_ convolution: rt_convolution, element: Element) throws(LibraryFailure) {
    let block = Library.channelBlock
    shape = rt_stem(shape: convolution, block: Int64(block), element: element)
    guard withUnsafePointer(to: shape, rt_stem_supports) else { return nil }
    layouts = try ConvolutionLayouts(images: convolution, block: block, element: element)
  }

  var implementation: String {
    "stem:\(Library.kernelInstructions(block: Int(shape.block)))"
  }

  var scratchByteCount: Int { withUnsafePointer(to: shape, rt_stem_scratch) }

  func bound(_ operands: ConvolutionOperands) -> () -> Void {
    let shape = shape
    let (source, gradient) = (operands.floats(RT_SOURCE)!, operands[RT_DESTINATION_GRADIENT]!)
    let result = operands.floats(RT_WEIGHTS_GRADIENT)!
    let scratch = operands.floats(RT_SCRATCHPAD)!
    return {
      withUnsafePointer(to: shape) {
        rt_stem_backward_weights($0, source, gradient, result, scratch)
      }
    }
  }
}
