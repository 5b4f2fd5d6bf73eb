/// The scalars of logs as CSV (RFC 4180), in the order in which they were written.
public enum ScalarCSV {
  public static let header = "tag,step,wall_time,value\n"

  /// Hands the CSV of the event files at `paths` to `write`, piece by piece.
  ///
  /// Numbers are the shortest that read back as the same value; not-a-number is `nan`.
  public static func write(
    files paths: [String], _ write: (String) -> Void
  ) throws(EventLogError) {
    write(header)
    for path in paths {
      var reader = EventLogReader(path: path)
      var poll: Poll
      repeat {
        poll = try reader.poll()
        var lines = ""
        for event in poll.events {
          for case .scalar(let tag, let value) in event.values {
            lines += "\(field(tag)),\(event.step),\(event.wallTime),\(value)\n"
          }
        }
        write(lines)
      } while !poll.isAtEnd
    }
  }

  private static func field(_ text: String) -> String {
    guard text.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
