import Glibc

/// What did not come about in time.
public struct WaitFailure: Error, CustomStringConvertible {
  public let description: String
}

/// Waits for what another process brings about.
///
/// - Throws: `WaitFailure` after `seconds`.
public func waitUntil(
  _ what: String, seconds: Double = 240, _ condition: () throws -> Bool
) throws {
  let deadline = ContinuousClock.now + .seconds(seconds)
  while try !condition() {
    guard ContinuousClock.now < deadline else { throw WaitFailure(description: "no \(what)") }
    sched_yield()
  }
}
