public import Architecture

/// Blocks that are added at the end of an epoch.
public struct ScheduledGrowth: Hashable, Sendable {
  /// Epochs done before they come, from 1.
  public var epoch: Int
  public var growth: Growth

  public init(epoch: Int, growth: Growth) {
    self.epoch = epoch
    self.growth = growth
  }

  /// Most of them in an experiment, and most growths of a run.
  public static let countLimit = 100
}
