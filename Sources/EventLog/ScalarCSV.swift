/// The scalars of logs as CSV (RFC 4180), in the order in which they were written.
public enum ScalarCSV {
  public static let header = "tag,step,wall_time,value\n"

  /// Hands the CSV of the event files at `paths` to `write`, piece by piece.
  ///
  /// Numbers are the shortest that read back as the same value; not-a-number is `nan`.
  ///
  /// - Returns: the damaged parts of the files.
  /// - Throws: `EventLogError` if a file cannot be read, or if no file holds an event; before the
  ///   first event nothing is written. And whatever `write` throws.
  public static func write(
    files paths: [String], _ write: (String) throws -> Void
  ) throws -> [LogGap] {
    var gaps: [LogGap] = []
    var isEmpty = true
    for path in paths {
      var reader = EventLogReader(path: path)
      var poll: Poll
      repeat {
        poll = try reader.pollToEnd()
        gaps += poll.gaps
        if isEmpty && poll.events.contains(where: { !$0.values.isEmpty }) {
          isEmpty = false
          try write(header)
        }
        var lines = ""
        for event in poll.events {
          for case .scalar(let tag, let value) in event.values {
            lines += "\(field(tag)),\(event.step),\(event.wallTime),\(value)\n"
          }
        }
        try write(lines)
      } while !poll.isAtEnd
    }
    guard !isEmpty else {
      throw EventLogError(
        path: paths.first ?? "", reason: "holds no event; name another run")
    }
    return gaps
  }

  private static func field(_ text: String) -> String {
    guard text.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
