import EventLog

/// An event that equals itself where a value is not a number.
struct ExactEvent: Equatable {
  private var wallTime: UInt64
  private var step: Int
  private var values: [Value]

  private enum Value: Equatable {
    case scalar(tag: String, bits: UInt32)
    case other(LogValue)
  }

  init(_ event: LogEvent) {
    wallTime = event.wallTime.bitPattern
    step = event.step
    values = event.values.map { value in
      if case .scalar(let tag, let number) = value {
        .scalar(tag: tag, bits: number.bitPattern)
      } else {
        .other(value)
      }
    }
  }
}
