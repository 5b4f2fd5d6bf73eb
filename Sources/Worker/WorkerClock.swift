import Foundation

/// Where a run takes its times from; tests bring their own.
public struct WorkerClock: Sendable {
  /// Seconds since 1970, a label on events.
  public var wall: @Sendable () -> Double
  /// Seconds since some moment, never going back, for durations.
  public var monotonic: @Sendable () -> Double

  public init(
    wall: @escaping @Sendable () -> Double, monotonic: @escaping @Sendable () -> Double
  ) {
    self.wall = wall
    self.monotonic = monotonic
  }

  public static let system: WorkerClock = {
    let start = ContinuousClock.now
    return WorkerClock(
      wall: { Date().timeIntervalSince1970 },
      monotonic: { (ContinuousClock.now - start) / .seconds(1) })
  }()
}
