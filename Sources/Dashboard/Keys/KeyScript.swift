public import Cells

/// Keys in one line, as `replay --keys` takes them: characters stand for themselves, other keys in
/// angle brackets by the names of the help, as in `9+v<down><enter>`; `<space>` and `<<>` are a blank and
/// a bracket, and `<^U>` is a control key.
public struct KeyScript: Sendable, Equatable {
  public let keys: [Key]

  /// - Throws: `KeyScriptError` for a name that no key has, and for a bracket that is not closed.
  public init(_ text: String) throws(KeyScriptError) {
    var keys: [Key] = []
    var rest = text[...]
    while let first = rest.popFirst() {
      guard first == "<" else {
        keys.append(.character(first))
        continue
      }
      // The name of one key is the bracket itself.
      guard let second = rest.popFirst() else { throw KeyScriptError("a < is not closed") }
      let name = String(second) + rest.prefix { $0 != ">" }
      rest = rest.dropFirst(name.count - 1)
      guard rest.popFirst() == ">" else { throw KeyScriptError("a < is not closed") }
      guard let key = Self.key(named: name) else {
        throw KeyScriptError(
          "<\(name)> is no key; there are <\(Self.named.map(\.name).joined(separator: ">, <"))>, <^U> for "
            + "control keys, and <<>")
      }
      keys.append(key)
    }
    self.keys = keys
  }

  private static let named: [Key] = [
    .enter, .escape, .tab, .backTab, .character(" "), .backspace, .delete, .up, .down, .left,
    .right,
    .home, .end, .pageUp, .pageDown,
  ]

  private static func key(named name: String) -> Key? {
    if name == "<" { return .character("<") }
    if name.count == 2, name.hasPrefix("^"), let letter = name.last, letter.isASCII, letter.isLetter
    {
      return .control(Character(letter.lowercased()))
    }
    return named.first { $0.name == name }
  }
}

/// Why a line is no key script.
public struct KeyScriptError: Error, Equatable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}
