/// A scalar of a log, as exports list it.
public struct ScalarRow: Hashable, Sendable, Encodable {
  public var tag: String
  public var step: Int
  /// Seconds since 1970.
  public var wallTime: Double
  public var value: Float
}

extension ScalarRow {
  /// Hands the scalars of the event files at `paths` to `take` in the order in which they were written,
  /// piece by piece.
  ///
  /// - Returns: the damaged parts of the files.
  /// - Throws: `EventLogError` if a file cannot be read, or if no file holds an event; before the first
  ///   event nothing is taken. And whatever `take` throws.
  public static func read(
    files paths: [String], _ take: ([ScalarRow]) throws -> Void
  ) throws -> [LogGap] {
    var gaps: [LogGap] = []
    var isEmpty = true
    for path in paths {
      var reader = EventLogReader(path: path)
      var poll: Poll
      repeat {
        poll = try reader.pollToEnd()
        gaps += poll.gaps
        isEmpty = isEmpty && poll.events.allSatisfy(\.values.isEmpty)
        guard !isEmpty else { continue }
        try take(
          poll.events.flatMap { event in
            event.values.compactMap { value in
              guard case .scalar(let tag, let value) = value else { return nil }
              return ScalarRow(tag: tag, step: event.step, wallTime: event.wallTime, value: value)
            }
          })
      } while !poll.isAtEnd
    }
    guard !isEmpty else {
      throw EventLogError(path: paths.first ?? "", reason: "holds no event; name another run")
    }
    return gaps
  }
}

// MARK: CSV

extension ScalarRow {
  public static let csvHeader = "tag,step,wall_time,value\n"

  /// A line of CSV (RFC 4180): numbers are the shortest that read back as the same value, not-a-number is
  /// `nan`.
  public var csv: String { "\(Self.field(tag)),\(step),\(wallTime),\(value)\n" }

  private static func field(_ text: String) -> String {
    guard text.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
