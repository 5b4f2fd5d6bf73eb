import COneDNN

/// Batch norm of activations in blocked memory, by kernels of our own.
struct Norm {
  let shape: rt_norm
  /// Channels with the zeros that fill the last block: the length of every vector.
  let paddedChannels: Int

  /// - Parameter block: channels in a block of the activations' layout.
  init(
    batch: Int, channels: Int, area: Int, block: Int, epsilon: Double, element: Element
  ) {
    shape = rt_norm(
      batch: Int64(batch), channels: Int64(channels), area: Int64(area), block: Int64(block),
      epsilon: Float(epsilon), element: element)
    paddedChannels = (channels + block - 1) / block * block
  }

  var scratchByteCount: Int { withUnsafePointer(to: shape, rt_norm_scratch) }

  /// The name of the code, such as `norm:avx2`.
  var implementation: String {
    "norm:\(Library.kernelInstructions(block: Int(shape.block)))"
  }
}
