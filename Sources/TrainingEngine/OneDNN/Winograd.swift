import COneDNN

/// A pass of a 3×3 convolution of stride 1 by Winograd's minimal filtering.
final class Winograd: ConvolutionKernel {
  private let shape: rt_winograd
  let pass: StepCall.Pass
  let layouts: ConvolutionLayouts

  /// - Returns: nil where the kernels cannot do it.
  init?(
    _ convolution: rt_convolution, element: Element, tile: Int, pass: StepCall.Pass
  ) throws(LibraryFailure) {
    let block = Library.channelBlock
    shape = rt_winograd(
      shape: convolution, tile: Int64(tile), block: Int64(block), element: element,
      workers: Int64(rt_threads()))
    guard withUnsafePointer(to: shape, rt_winograd_supports) else { return nil }
    self.pass = pass
    layouts = try ConvolutionLayouts(blocked: convolution, block: block, element: element)
  }

  var implementation: String {
    "winograd_\(shape.tile)x3:\(Library.kernelInstructions(block: Int(shape.block)))"
  }

  var scratchByteCount: Int {
    let pass =
      switch pass {
      case .backwardData: RT_BACKWARD_DATA
      case .backwardWeights: RT_BACKWARD_WEIGHTS
      case .forward, .backward: RT_FORWARD_TRAINING
      }
    return withUnsafePointer(to: shape) { rt_winograd_scratch($0, pass) }
  }

  func bound(_ operands: ConvolutionOperands) -> () -> Void {
    let shape = shape
    let scratch = operands.floats(RT_SCRATCHPAD)!
    switch pass {
    case .backwardData:
      let (gradient, weights) = (operands[RT_DESTINATION_GRADIENT]!, operands.floats(RT_WEIGHTS)!)
      let result = operands[RT_SOURCE_GRADIENT]!
      return {
        withUnsafePointer(to: shape) {
          rt_winograd_backward_data($0, gradient, weights, result, scratch)
        }
      }
    case .backwardWeights:
      let (source, gradient) = (operands[RT_SOURCE]!, operands[RT_DESTINATION_GRADIENT]!)
      let result = operands.floats(RT_WEIGHTS_GRADIENT)!
      let bias = operands.floats(RT_BIAS_GRADIENT)
      return {
        withUnsafePointer(to: shape) {
          rt_winograd_backward_weights($0, source, gradient, result, bias, scratch)
        }
      }
    case .forward, .backward:
      let (source, weights) = (operands[RT_SOURCE]!, operands.floats(RT_WEIGHTS)!)
      let (bias, result) = (operands.floats(RT_BIAS), operands[RT_DESTINATION]!)
      return {
        withUnsafePointer(to: shape) {
          rt_winograd_forward($0, source, weights, bias, result, scratch)
        }
      }
    }
  }
}
