/// A run of blocks at one resolution.
public struct Stage: Hashable, Sendable {
  public var blocks: Int
  /// Base width: the output channels, which bottleneck blocks multiply by the expansion.
  public var channels: Int
  /// Stride of the stage's first block.
  public var stride: Int
  /// Groups and inner width of the stage's bottleneck blocks where they are not the network's.
  public var grouping: Grouping?

  public init(blocks: Int, channels: Int, stride: Int, grouping: Grouping? = nil) {
    self.blocks = blocks
    self.channels = channels
    self.stride = stride
    self.grouping = grouping
  }

  /// The stride of a stage that states none: the first keeps the stem's resolution.
  public static func defaultStride(at index: Int) -> Int { index == 0 ? 1 : 2 }
}
