/// What a full-screen program may write to a terminal of type xterm: printable text, the sequences that
/// ncurses writes by xterm's description, and the few that are written besides (mouse, pasting, title and
/// clipboard).
public enum TerminalGrammar {
  /// The first byte that belongs to none of it, with what stands around it; nil where all is well. What
  /// is cut off at the end is not judged.
  public static func stray(in bytes: [UInt8]) -> String? {
    var index = 0
    while index < bytes.count {
      switch length(at: index, of: bytes) {
      case .whole(let length): index += length
      case .cut: return nil
      case .stray:
        let around = bytes[max(0, index - 12)..<min(bytes.count, index + 12)]
        return "byte \(index) of \(bytes.count): "
          + around.map { byte in
            (0x20..<0x7F).contains(byte)
              ? String(UnicodeScalar(byte)) : "\\x" + String(byte, radix: 16)
          }.joined()
      }
    }
    return nil
  }

  private enum Piece {
    case whole(Int)
    case cut
    case stray
  }

  private static func length(at index: Int, of bytes: [UInt8]) -> Piece {
    let byte = bytes[index]
    switch byte {
    // Backspace, newline, carriage return.
    case 0x08, 0x0A, 0x0D: return .whole(1)
    case 0x1B: return escape(at: index, of: bytes)
    case ..<0x20, 0x7F: return .stray
    case ..<0x80: return .whole(1)
    default: return scalar(at: index, of: bytes)
    }
  }

  private static func scalar(at index: Int, of bytes: [UInt8]) -> Piece {
    let length = bytes[index] < 0xE0 ? 2 : bytes[index] < 0xF0 ? 3 : 4
    guard index + length <= bytes.count else { return .cut }
    guard let text = String(validating: bytes[index..<index + length], as: UTF8.self),
      let scalar = text.unicodeScalars.first, text.unicodeScalars.count == 1
    else { return .stray }
    // C1 codes steer terminals; so do the marks of direction.
    let isSteering =
      scalar.value < 0xA0 || [0x200E, 0x200F, 0xFEFF].contains(scalar.value)
      || (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    return isSteering ? .stray : .whole(length)
  }

  /// Final bytes of control sequences that move, erase, insert, delete, scroll and repeat, and that set
  /// attributes, modes, margins and the stack of titles.
  private static let finals = Set("ABCDGHJKLMPSTX@bdfhlmrt".utf8)

  private static func escape(at index: Int, of bytes: [UInt8]) -> Piece {
    guard index + 1 < bytes.count else { return .cut }
    switch bytes[index + 1] {
    case UInt8(ascii: "["):
      var end = index + 2
      if end < bytes.count, bytes[end] == UInt8(ascii: "?") { end += 1 }
      while end < bytes.count, (0x30...0x39).contains(bytes[end]) || bytes[end] == 0x3B { end += 1 }
      guard end < bytes.count else { return .cut }
      return finals.contains(bytes[end]) ? .whole(end + 1 - index) : .stray
    case UInt8(ascii: "]"): return command(at: index, of: bytes)
    // Character sets of ASCII and of lines.
    case UInt8(ascii: "("), UInt8(ascii: ")"):
      guard index + 2 < bytes.count else { return .cut }
      return [UInt8(ascii: "B"), UInt8(ascii: "0")].contains(bytes[index + 2]) ? .whole(3) : .stray
    // Cursor kept and restored, scrolled down, keypad of programs and of numbers.
    case UInt8(ascii: "7"), UInt8(ascii: "8"), UInt8(ascii: "M"), UInt8(ascii: "="),
      UInt8(ascii: ">"):
      return .whole(2)
    default: return .stray
    }
  }

  /// An operating system command: the title, or the clipboard in Base64.
  private static func command(at index: Int, of bytes: [UInt8]) -> Piece {
    var end = index + 2
    while end < bytes.count, bytes[end] != 0x07, bytes[end] != 0x1B {
      guard bytes[end] >= 0x20 else { return .stray }
      end += 1
    }
    let text = String(decoding: bytes[index + 2..<end], as: UTF8.self)
    guard ["0;", "2;", "52;c;"].contains(where: text.hasPrefix) else {
      return end < bytes.count ? .stray : .cut
    }
    guard end < bytes.count else { return .cut }
    if bytes[end] == 0x07 { return .whole(end + 1 - index) }
    guard end + 1 < bytes.count else { return .cut }
    return bytes[end + 1] == UInt8(ascii: "\\") ? .whole(end + 2 - index) : .stray
  }
}
