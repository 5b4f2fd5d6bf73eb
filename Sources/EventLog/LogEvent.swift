/// One event of a log: the values of one step.
public struct LogEvent: Sendable, Equatable {
  /// Seconds since 1970.
  public var wallTime: Double
  public var step: Int
  /// Empty for the version record and for kinds of summary that are not read.
  public var values: [LogValue]

  public init(wallTime: Double, step: Int, values: [LogValue]) {
    self.wallTime = wallTime
    self.step = step
    self.values = values
  }
}

public enum LogValue: Sendable, Equatable {
  case scalar(tag: String, value: Float)
  case text(tag: String, text: String)
}
