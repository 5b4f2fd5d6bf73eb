/// Why a spec describes no network.
public struct SpecError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The YAML key the reason speaks of, such as `groups` or `stages[1].channels`.
  public var key: String
  /// A full sentence that says what is wrong and which values are possible.
  public var reason: String

  public init(key: String, reason: String) {
    self.key = key
    self.reason = reason
  }

  public var description: String { "\(key): \(reason)" }
}
