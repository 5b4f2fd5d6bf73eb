import COneDNN

/// Code of our own for a pass of a convolution.
protocol ConvolutionKernel {
  var pass: StepCall.Pass { get }
  /// How the tensors must lie.
  var layouts: ConvolutionLayouts { get }
  /// The name of the code, such as `winograd_4x3:avx2`.
  var implementation: String { get }
  var scratchByteCount: Int { get }
  /// The code on the memory of its arguments.
  func bound(_ operands: ConvolutionOperands) -> () -> Void
}

/// How a convolution's tensors lie, and their gradients.
struct ConvolutionLayouts {
  let source: Layout
  let destination: Layout
  let weights: Layout

  /// nil where the argument is a vector.
  subscript(_ role: rt_role) -> Layout? {
    switch role {
    case RT_SOURCE, RT_SOURCE_GRADIENT: source
    case RT_DESTINATION, RT_DESTINATION_GRADIENT: destination
    case RT_WEIGHTS, RT_WEIGHTS_GRADIENT: weights
    default: nil
    }
  }

  /// nChw{block}c and OIhw{block}i{block}o.
  init(blocked c: rt_convolution, block: Int, element: Element) throws(LibraryFailure) {
    source = try Layout(
      blockedActivations: c.sourceDimensions, block: block, element: element)
    destination = try Layout(
      blockedActivations: c.destinationDimensions, block: block, element: element)
    weights = try Layout(blockedWeights: c.weightsDimensions, block: block)
  }

  /// As `blocked`, but for source and weights, which are row-major float32.
  init(images c: rt_convolution, block: Int, element: Element) throws(LibraryFailure) {
    source = try Layout(rowMajor: c.sourceDimensions)
    destination = try Layout(
      blockedActivations: c.destinationDimensions, block: block, element: element)
    weights = try Layout(rowMajor: c.weightsDimensions)
  }
}

/// The memory of a convolution's arguments.
struct ConvolutionOperands {
  let addresses: [rt_role: UnsafeMutableRawPointer]

  /// nil where there is no such argument.
  subscript(_ role: rt_role) -> UnsafeMutableRawPointer? { addresses[role] }

  func floats(_ role: rt_role) -> UnsafeMutablePointer<Float>? {
    self[role]?.assumingMemoryBound(to: Float.self)
  }
}

extension rt_convolution {
  /// N×C×H×W.
  fileprivate var sourceDimensions: [Int] {
    [batch, input_channels, input_height, input_width].map(Int.init)
  }

  /// N×C×H×W.
  fileprivate var destinationDimensions: [Int] {
    [batch, output_channels, output_height, output_width].map(Int.init)
  }

  /// O×I×kH×kW.
  fileprivate var weightsDimensions: [Int] {
    [output_channels, input_channels, kernel, kernel].map(Int.init)
  }
}
