/// Where a run takes its first weights from: another run, as it was after some step.
public struct Fork: Hashable, Sendable {
  /// The other run's directory.
  public var run: String
  /// Its last checkpoint at or before this step is taken; nil for the last of all.
  public var step: Int?

  public init(run: String, step: Int? = nil) {
    self.run = run
    self.step = step
  }
}
