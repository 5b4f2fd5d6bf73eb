/// How the learning rate moves over the run.
public struct ScheduleOptions: Hashable, Sendable {
  public var name: ScheduleKind
  /// Epochs of linear rise to the learning rate before the schedule proper.
  public var warmupEpochs: Int

  public init(name: ScheduleKind = .constant, warmupEpochs: Int = 0) {
    self.name = name
    self.warmupEpochs = warmupEpochs
  }
}

public enum ScheduleKind: String, Hashable, Sendable, CaseIterable {
  case constant
  /// Half a cosine from the learning rate to zero (Loshchilov and Hutter 2017, one cycle).
  case cosine
}
