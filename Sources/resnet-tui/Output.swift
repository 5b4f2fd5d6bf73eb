import Cells
import Dashboard
import EventLog
import Foundation
import Glibc

/// Standard output and standard error. A reader that has gone away is no error; a full disk is.
enum Output {
  /// Gives each standard stream that the caller closed a place of its own, so that no file the
  /// program opens is taken for one; and has writing tell of what ends other programs.
  static func prepare() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      // A lost message is no harm, a lost result is: writing it fails.
      _ = open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY)
    }
    // A file that outgrows its limit is an error to report, not an end.
    signal(SIGXFSZ, SIG_IGN)
    // Nor is a reader that has gone away: a worker outlives the dashboard that reads its messages.
    signal(SIGPIPE, SIG_IGN)
  }

  // MARK: Results

  /// Lines for a person; what could move a cursor is shown as a symbol.
  static func text(_ text: String) throws { try data(safe(text)) }

  /// A format that other programs read, as it is.
  static func data(_ text: String) throws {
    guard let code = write(text, to: STDOUT_FILENO), code != EPIPE else { return }
    throw Failure.failed("cannot write to standard output: \(String(cString: strerror(code)))")
  }

  /// `value` as indented JSON with a newline.
  static func json(_ value: some Encodable) throws { try data(try jsonText(value)) }

  /// `value` as JSON with a newline, indented or in one line.
  static func jsonText(_ value: some Encodable, isOneLine: Bool = false) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting =
      isOneLine
      ? [.sortedKeys, .withoutEscapingSlashes]
      : [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return escaped(String(decoding: try encoder.encode(value), as: UTF8.self)) + "\n"
  }

  /// JSON whose texts hold no character that could move a cursor or reorder a line, not even as JSON
  /// allows: they stand as `\\u` and their number.
  private static func escaped(_ json: String) -> String {
    guard json.unicodeScalars.contains(where: isSteering) else { return json }
    return json.unicodeScalars.reduce(into: "") { text, scalar in
      guard isSteering(scalar) else { return text.unicodeScalars.append(scalar) }
      for unit in String(Character(scalar)).utf16 {
        let digits = String(unit, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
  }

  private static func isSteering(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar != "\n" else { return false }
    return switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }

  // MARK: Messages

  /// Lines on standard error, made safe as `text` is.
  static func complain(_ text: String) { _ = write(safe(text), to: STDERR_FILENO) }

  /// What of a log at `source` could not be read, where there is such.
  static func complain(of gaps: [LogGap], in source: String) {
    if let damage = gaps.text { complain("resnet-tui: \(source): \(damage)\n") }
  }

  /// Progress: its own words and control codes.
  static func progress(_ text: String) { _ = write(text, to: STDERR_FILENO) }

  // MARK: Terminal

  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
  static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Columns of the terminal on `descriptor`; 80 where there is none, or it does not know.
  static func columns(of descriptor: Int32) -> Int {
    let width = size(of: descriptor)?.width ?? 0
    return width > 0 ? width : 80
  }

  /// The size that the kernel knows of the terminal on `descriptor`, 0×0 where nobody told it; nil
  /// where there is no terminal.
  static func size(of descriptor: Int32) -> Size? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 else { return nil }
    return Size(width: Int(size.ws_col), height: Int(size.ws_row))
  }

  private static func safe(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { Sanitizer.sanitize($0) }.joined(separator: "\n")
  }

  /// The error code of the write that failed; nil if none did.
  private static func write(_ text: String, to descriptor: Int32) -> Int32? {
    var text = text
    return text.withUTF8 { bytes in
      var bytes = UnsafeRawBufferPointer(bytes)
      while !bytes.isEmpty {
        let count = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return errno }
        bytes = UnsafeRawBufferPointer(rebasing: bytes[count...])
      }
      return nil
    }
  }
}
