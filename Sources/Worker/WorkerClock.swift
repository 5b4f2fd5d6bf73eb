import Foundation

/// Where a run takes its times from; tests bring their own.
public struct WorkerClock: Sendable {
  /// Seconds since 1970, a label on events.
  public var wall: @Sendable () -> Double
  /// Seconds since some moment, never going back, for durations.
  public var monotonic: @Sendable () -> Double
  /// Lets so many seconds pass.
  public var sleep: @Sendable (Double) -> Void = { Thread.sleep(forTimeInterval: $0) }

  public init(
    wall: @escaping @Sendable () -> Double, monotonic: @escaping @Sendable () -> Double
  ) {
    self.wall = wall
    self.monotonic = monotonic
  }

  /// The machine's. The time of day counts on from the process's start: a clock that is set meanwhile
  /// does not make later events earlier.
  public static let system: WorkerClock = {
    let (start, date) = (ContinuousClock.now, Date())
    let monotonic = { @Sendable in (ContinuousClock.now - start) / .seconds(1) }
    return WorkerClock(
      wall: { date.timeIntervalSince1970 + monotonic() }, monotonic: monotonic)
  }()
}
