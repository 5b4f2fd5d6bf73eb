/// Why an event log cannot be read or written.
public struct EventLogError: Error, Hashable, Sendable, CustomStringConvertible {
  public var path: String
  /// What went wrong, and how to mend it.
  public var reason: String

  /// There was no room on the disk: nothing was written, and the same may be tried again.
  public var isDiskFull = false

  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  public var description: String { "\(path): \(reason)" }
}
