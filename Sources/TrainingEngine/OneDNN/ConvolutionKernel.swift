import COneDNN

/// Code of our own for a pass of a convolution.
protocol ConvolutionKernel {
  var pass: StepCall.Pass { get }
  /// The layout that the code wants for an argument; nil where it has no such argument.
  func layout(_ role: rt_role) -> Layout?
  /// The name of the code, such as `winograd_4x3:avx2`.
  var implementation: String { get }
  var scratchByteCount: Int { get }
  /// The code on the memory of its arguments.
  func bound(_ operands: ConvolutionOperands) -> () -> Void
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
  /// nChw{block}c of the batch, of the input and of the output.
  func blockedActivations(
    block: Int, element: Element
  ) throws(LibraryFailure) -> (source: Layout, destination: Layout) {
    func layout(
      _ channels: Int64, _ height: Int64, _ width: Int64
    ) throws(LibraryFailure) -> Layout {
      try Layout(
        blockedActivations: [batch, channels, height, width].map(Int.init), block: block,
        element: element)
    }
    return (
      try layout(input_channels, input_height, input_width),
      try layout(output_channels, output_height, output_width)
    )
  }

  /// OIhw{block}i{block}o.
  func blockedWeights(block: Int) throws(LibraryFailure) -> Layout {
    try Layout(
      blockedWeights: [output_channels, input_channels, kernel, kernel].map(Int.init), block: block)
  }
}
