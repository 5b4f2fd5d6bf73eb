import Cells

/// A control sequence (ECMA-48, 5.4) or a single shift of xterm's keys that the terminal's terminfo
/// entry does not have: the other cursor mode's arrows, keys with modifiers, reports.
struct EscapeSequence {
  /// More parameters than any key's sequence has.
  private static let parameterLimit = 32

  /// `[` or `O`, the character after Escape.
  let introducer: Character
  private var parameters = ""
  private var final: Character?
  private var isMalformed = false

  init?(introducer value: UInt32) {
    switch value {
    case 0x5B: introducer = "["
    case 0x4F: introducer = "O"
    default: return nil
    }
  }

  /// Nothing has followed the introducer.
  var isBare: Bool { parameters.isEmpty && !isComplete }
  var isComplete: Bool { final != nil || isMalformed }

  mutating func append(_ value: UInt32) {
    guard (0x20..<0x7F).contains(value), parameters.utf8.count < Self.parameterLimit,
      let scalar = Unicode.Scalar(value)
    else {
      isMalformed = true
      return
    }
    // The Linux console's function keys have a second bracket: `ESC [ [ A`.
    if value >= 0x40, !(parameters.isEmpty && value == 0x5B) {
      final = Character(scalar)
    } else {
      parameters.unicodeScalars.append(scalar)
    }
  }

  /// What follows is pasted text (xterm's bracketed paste), up to `pasteEnd`.
  var beginsPaste: Bool { final == "~" && parameters == "200" && !isMalformed }
  static let pasteEnd = Array("\u{1B}[201~".unicodeScalars)

  /// The key that the sequence means on xterm, the Linux console or rxvt, whatever its modifiers.
  var key: Key? {
    guard let final, !isMalformed else { return nil }
    switch final {
    case "A": return parameters == "[" ? .function(1) : .up
    case "B": return parameters == "[" ? .function(2) : .down
    case "C": return parameters == "[" ? .function(3) : .right
    case "D": return parameters == "[" ? .function(4) : .left
    case "E": return parameters == "[" ? .function(5) : nil
    case "H": return .home
    case "F": return .end
    case "Z": return .backTab
    case "M" where introducer == "O": return .enter
    case "P": return .function(1)
    case "Q": return .function(2)
    case "R": return .function(3)
    case "S": return .function(4)
    case "~": return keyWithNumber
    default: return nil
    }
  }

  private var keyWithNumber: Key? {
    switch parameters.prefix(while: { $0 != ";" }) {
    case "1", "7": .home
    case "2": .insert
    case "3": .delete
    case "4", "8": .end
    case "5": .pageUp
    case "6": .pageDown
    case "11": .function(1)
    case "12": .function(2)
    case "13": .function(3)
    case "14": .function(4)
    case "15": .function(5)
    case "17": .function(6)
    case "18": .function(7)
    case "19": .function(8)
    case "20": .function(9)
    case "21": .function(10)
    case "23": .function(11)
    case "24": .function(12)
    default: nil
    }
  }
}
