import COneDNN

/// The weights' gradient of a convolution by its definition, on blocked activations.
final class DirectGradient: ConvolutionKernel {
  let pass = StepCall.Pass.backwardWeights
  private let shape: rt_direct
  let layouts: ConvolutionLayouts

  /// - Returns: nil where the kernels cannot do it.
  init?(_ convolution: rt_convolution, element: Element) throws(LibraryFailure) {
    let block = Library.channelBlock
    shape = rt_direct(shape: convolution, block: Int64(block), element: element)
    guard withUnsafePointer(to: shape, rt_direct_supports) else { return nil }
    layouts = try ConvolutionLayouts(blocked: convolution, block: block, element: element)
  }

  var implementation: String {
    "direct:\(Library.kernelInstructions(block: Int(shape.block)))"
  }

  let scratchByteCount = 0

  func bound(_ operands: ConvolutionOperands) -> () -> Void {
    let shape = shape
    let (source, gradient) = (operands[RT_SOURCE]!, operands[RT_DESTINATION_GRADIENT]!)
    let result = operands.floats(RT_WEIGHTS_GRADIENT)!
    return {
      withUnsafePointer(to: shape) { rt_direct_backward_weights($0, source, gradient, result) }
    }
  }
}
