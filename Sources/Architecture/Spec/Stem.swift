/// What stands before the first stage.
public enum Stem: Hashable, Sendable {
  /// 7×7 stride 2 with 64 channels, then 3×3 stride 2 max pooling.
  case imagenet
  /// 3×3 stride 1 with the first stage's channels.
  case cifar
  case custom(StemConvolution)
  /// The first block reads the image: a block or a stage tried alone.
  case none
}

/// What a stem is made of: one convolution, and 3×3 stride 2 max pooling if `pool`.
public struct StemConvolution: Hashable, Sendable {
  public var kernel: Int
  public var stride: Int
  public var channels: Int
  public var pool: Bool

  public init(kernel: Int, stride: Int, channels: Int, pool: Bool) {
    self.kernel = kernel
    self.stride = stride
    self.channels = channels
    self.pool = pool
  }
}

/// What stands behind the last stage.
public enum Head: String, Hashable, Sendable, CaseIterable {
  /// Global average pooling and a linear layer with a bias.
  case linear
  /// Nothing: the network puts out a feature map, and has no classes to be trained for.
  case none
}
