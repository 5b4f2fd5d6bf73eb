import COneDNN

/// A pass of a 3×3 convolution of stride 1 by Winograd's minimal filtering.
final class Winograd {
  let shape: rt_winograd
  let pass: StepCall.Pass
  private let activations: (source: Layout, destination: Layout)
  private let weights: Layout

  /// - Returns: nil where the kernels cannot do it.
  init?(
    _ convolution: rt_convolution, element: Element, tile: Int, pass: StepCall.Pass
  ) throws(LibraryFailure) {
    let block = Library.channelBlock
    shape = rt_winograd(
      shape: convolution, tile: Int64(tile), block: Int64(block), element: element)
    guard withUnsafePointer(to: shape, rt_winograd_supports) else { return nil }
    self.pass = pass
    let c = convolution
    activations = (
      try Layout(
        blockedActivations: [c.batch, c.input_channels, c.input_height, c.input_width].map(
          Int.init), block: block, element: element),
      try Layout(
        blockedActivations: [c.batch, c.output_channels, c.output_height, c.output_width].map(
          Int.init), block: block, element: element)
    )
    weights = try Layout(
      blockedWeights: [c.output_channels, c.input_channels, c.kernel, c.kernel].map(Int.init),
      block: block)
  }

  func layout(_ role: rt_role) -> Layout? {
    switch role {
    case RT_SOURCE, RT_SOURCE_GRADIENT: activations.source
    case RT_DESTINATION, RT_DESTINATION_GRADIENT: activations.destination
    case RT_WEIGHTS, RT_WEIGHTS_GRADIENT: weights
    default: nil
    }
  }

  /// The name of the code, such as `winograd_4x3:avx2`.
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

  /// The code on the memory of its arguments; a bias has no address where there is none.
  func bound(
    _ address: @escaping (rt_role) -> UnsafeMutableRawPointer?,
    scratch: UnsafeMutablePointer<Float>
  ) -> () -> Void {
    let shape = shape
    func floats(_ role: rt_role) -> UnsafeMutablePointer<Float>? {
      address(role)?.assumingMemoryBound(to: Float.self)
    }
    switch pass {
    case .backwardData:
      let (gradient, weights) = (address(RT_DESTINATION_GRADIENT)!, floats(RT_WEIGHTS)!)
      let result = address(RT_SOURCE_GRADIENT)!
      return {
        withUnsafePointer(to: shape) {
          rt_winograd_backward_data($0, gradient, weights, result, scratch)
        }
      }
    case .backwardWeights:
      let (source, gradient) = (address(RT_SOURCE)!, address(RT_DESTINATION_GRADIENT)!)
      let (result, bias) = (floats(RT_WEIGHTS_GRADIENT)!, floats(RT_BIAS_GRADIENT))
      return {
        withUnsafePointer(to: shape) {
          rt_winograd_backward_weights($0, source, gradient, result, bias, scratch)
        }
      }
    case .forward, .backward:
      let (source, weights) = (address(RT_SOURCE)!, floats(RT_WEIGHTS)!)
      let (bias, result) = (floats(RT_BIAS), address(RT_DESTINATION)!)
      return {
        withUnsafePointer(to: shape) {
          rt_winograd_forward($0, source, weights, bias, result, scratch)
        }
      }
    }
  }
}
