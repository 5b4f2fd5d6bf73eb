/// The cells' worth of a text, safe to show whatever the text holds: the one place where text from
/// outside becomes glyphs.
///
/// Each element is one spacing scalar with at most `markLimit` combining marks, and its width of 1
/// or 2 columns.
/// - C0 and DEL become their control pictures (`␛`, `␊`, `␡`), in ASCII `^[`, `^J`, `^?`.
/// - C1, bidirectional and other format controls, line and paragraph separators and unassigned
///   code points become their number, as `<202E>`.
/// - Joiners, variation selectors and skin tones are left out, so that joined emoji show as their
///   parts: terminals disagree on the width of anything else.
/// - In ASCII `×` becomes `x`, `÷` `/`, `·` `.`, `→` `>`, dashes `-`, and every other character `?` in each
///   of its columns.
public struct SafeGlyphs<Text: StringProtocol>: Sequence, IteratorProtocol {
  public typealias Element = (glyph: Character, width: Int)

  /// Combining marks that stay on one glyph; ncurses keeps four.
  private static var markLimit: Int { 4 }

  private var scalars: Text.UnicodeScalarView.Iterator
  private var upcoming: Unicode.Scalar?
  /// Narrow glyphs of a replacement that are still to come, last one first.
  private var pending: [Character] = []
  private let ascii: Bool

  public init(_ text: Text, ascii: Bool = false) {
    scalars = text.unicodeScalars.makeIterator()
    upcoming = scalars.next()
    self.ascii = ascii
  }

  public mutating func next() -> Element? {
    if let glyph = pending.popLast() { return (glyph, 1) }
    while let scalar = upcoming {
      upcoming = scalars.next()
      if scalar.value >= 0x20 && scalar.value < 0x7F {
        // A narrow base that marks may follow.
        if let following = upcoming, following.value >= 0x300 { return cluster(scalar, width: 1) }
        return (Character(scalar), 1)
      }
      if isLeftOut(scalar) { continue }
      if let replacement = replacement(for: scalar) {
        pending = replacement.reversed()
        return pending.popLast().map { ($0, 1) }
      }
      let width = TextWidth.of(scalar)
      if ascii {
        if width == 0 { continue }
        if width == 2 { pending = ["?"] }
        return (transliteration(of: scalar), 1)
      }
      if width == 0 {
        // A mark with no base of its own stands on a dotted circle.
        skipMarks()
        let circled = "\u{25CC}\(scalar)"
        // Some, such as the vowels of Hangul, do not join it.
        return (circled.count == 1 ? Character(circled) : "\u{25CC}", 1)
      }
      return cluster(scalar, width: width)
    }
    return nil
  }

  /// What stands for a character where there is only ASCII.
  private func transliteration(of scalar: Unicode.Scalar) -> Character {
    switch scalar {
    case "×": "x"
    case "÷": "/"
    case "·": "."
    case "→": ">"
    case "–", "—": "-"
    default: "?"
    }
  }

  private mutating func cluster(_ base: Unicode.Scalar, width: Int) -> Element {
    var glyph = String.UnicodeScalarView()
    glyph.append(base)
    var marks = 0
    while let mark = upcoming, isLeftOut(mark) || isMark(mark) {
      upcoming = scalars.next()
      guard !isLeftOut(mark), marks < Self.markLimit, !ascii else { continue }
      glyph.append(mark)
      marks += 1
    }
    let text = String(glyph)
    return (text.count == 1 ? Character(text) : Character(base), width)
  }

  private mutating func skipMarks() {
    while let mark = upcoming, isLeftOut(mark) || isMark(mark) { upcoming = scalars.next() }
  }

  private func isMark(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x300 && TextWidth.of(scalar) == 0
      && scalar.properties.generalCategory != .format
  }

  private func isLeftOut(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x200C, 0x200D, 0xFE00...0xFE0F, 0x1F3FB...0x1F3FF, 0xE0100...0xE01EF: true
    default: false
    }
  }

  private func replacement(for scalar: Unicode.Scalar) -> [Character]? {
    let value = scalar.value
    switch value {
    case 0..<0x20, 0x7F:
      if ascii { return ["^", Character(Unicode.Scalar(UInt8(value ^ 0x40)))] }
      return Unicode.Scalar(value == 0x7F ? 0x2421 : 0x2400 + value).map { [Character($0)] }
    case 0xA0..<0x300 where value != 0xAD, 0x2190..<0x231A, 0x2500..<0x25FD, 0x2800..<0x2900:
      return nil
    default:
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .surrogate:
        return Array("<\(String(value, radix: 16, uppercase: true))>")
      default:
        return nil
      }
    }
  }
}
