/// When checkpoints are written; one at the end of the run always is.
public struct CheckpointOptions: Hashable, Sendable {
  public var everyEpochs: Int?
  public var everySteps: Int?
  /// Newest checkpoints kept; the best one stays besides.
  public var keep: Int

  public init(everyEpochs: Int? = 1, everySteps: Int? = nil, keep: Int = 2) {
    self.everyEpochs = everyEpochs
    self.everySteps = everySteps
    self.keep = keep
  }
}
