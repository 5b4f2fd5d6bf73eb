/// Why a text describes no experiment, or an experiment cannot run.
public struct ExperimentError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file as the user named it; nil for an experiment that came from no file.
  public var file: String?
  /// Counted from 1.
  public var line: Int?
  /// Path of the key the reason speaks of, such as `network.stages[1].channels`.
  public var key: String?
  /// What is wrong and how to mend it, as one line.
  public var reason: String

  public init(file: String? = nil, line: Int? = nil, key: String? = nil, reason: String) {
    self.file = file
    self.line = line
    self.key = key
    self.reason = reason
  }

  /// `file:line: key: reason`, without the parts that are unknown.
  public var description: String {
    var place = file ?? ""
    if let line { place += place.isEmpty ? "line \(line)" : ":\(line)" }
    return [place, key ?? "", reason].filter { !$0.isEmpty }.joined(separator: ": ")
  }
}
