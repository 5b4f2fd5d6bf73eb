public import EventLog
import Foundation

/// Words of the user about a run, kept in its log as a text summary.
public struct RunAnnotation: Hashable, Sendable {
  public enum Kind: String, Sendable {
    case note
    /// What the run is called, in place of its experiment's name; an empty one takes it back.
    case name
  }

  public let kind: Kind
  public let text: String

  /// Most characters.
  public static let limit = 500
  /// Most bytes, which is what a message to a worker has room for.
  public static let byteLimit = 4000

  /// What a text may be, for messages.
  public static let bounds = "at most \(limit) characters and \(byteLimit) bytes on one line"

  /// nil where the text has several lines, or is too long.
  public init?(_ kind: Kind, _ text: String) {
    guard text.utf8.count <= Self.byteLimit, text.count <= Self.limit,
      !text.contains(where: \.isNewline)
    else { return nil }
    self.kind = kind
    self.text = text
  }

  /// Reads a text summary; nil for other tags.
  public init?(tag: String, text: String) {
    guard tag.hasPrefix(Self.tagPrefix),
      let kind = Kind(rawValue: String(tag.dropFirst(Self.tagPrefix.count)))
    else { return nil }
    self.init(kind, text)
  }

  private static let tagPrefix = "run/"

  /// Reads `note TEXT` or `name TEXT`.
  init?(_ line: String) {
    let word = line.prefix { $0 != " " }
    guard let kind = Kind(rawValue: String(word)) else { return nil }
    self.init(kind, String(line.dropFirst(word.count).drop { $0 == " " }))
  }

  var line: String { "\(kind.rawValue) \(text)" }

  /// The summary's tag.
  public var tag: String { Self.tagPrefix + kind.rawValue }

  /// Appends it to the log of a run that has no worker; a torn tail is cut off first.
  ///
  /// - Parameter wallTime: in seconds since 1970.
  /// - Throws: where there is no log, a worker writes it, or it cannot be written.
  public func append(to run: RunDirectory, wallTime: Double) throws(EventLogError) {
    guard let path = run.eventFiles().last else {
      throw EventLogError(path: run.path, reason: "has no event log to write to")
    }
    let lock: RunLock?
    do throws(FileError) {
      lock = try RunLock(run)
    } catch {
      throw EventLogError(path: error.path, reason: error.reason)
    }
    guard let lock else {
      throw EventLogError(path: run.path, reason: "its worker has just begun; say it again")
    }
    defer { withExtendedLifetime(lock) {} }
    var history = RunHistory()
    for file in run.eventFiles() {
      var reader = EventLogReader(path: file)
      history.apply(try reader.pollToEnd(limit: .max))
    }
    let writer = try EventLogWriter(appendingTo: path)
    defer { writer.close() }
    try writer.append(step: history.lastStep, wallTime: wallTime, text: text, tag: tag)
    _ = try writer.synchronize()
  }
}
