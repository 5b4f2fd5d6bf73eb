import Yams

/// Nodes as the writer of experiments needs them.
extension Node {
  /// A scalar that the core schema reads by its look: a number, a word of a closed list, null.
  static func plain(_ value: some CustomStringConvertible) -> Node {
    Node(value.description, .implicit, .plain)
  }

  static func plain(_ value: (some CustomStringConvertible)?) -> Node {
    value.map { plain($0) } ?? plain("null")
  }

  static func number(_ value: Double) -> Node { plain(ScalarText.text(of: value)) }

  static func number(_ value: Double?) -> Node { value.map { number($0) } ?? plain("null") }

  /// Free text: plain where it is but words, else quoted.
  static func text(_ text: String) -> Node {
    let isWords =
      text.first?.isLetter == true && !text.hasSuffix(" ")
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: " _-.,()/+'".utf8.contains(byte)
        }
      }
    let node = Node(text, .implicit, .plain)
    return isWords && !ScalarText.isNull(node) && ScalarText.boolean(node) == nil
      ? node : Node(text, Tag(.str), .doubleQuoted)
  }

  /// `[a, b]`
  static func flow(_ items: [Node]) -> Node { Node(items, Tag(.seq), .flow) }

  /// `{key: value, …}`
  static func flow(_ pairs: [(String, Node)]) -> Node {
    Node(pairs.map { (Node($0), $1) }, Tag(.map), .flow)
  }

  /// One item a line.
  static func block(_ items: [Node]) -> Node { Node(items, Tag(.seq), .block) }

  /// One key a line.
  static func block(_ pairs: [(String, Node)]) -> Node {
    Node(pairs.map { (.text($0), $1) }, Tag(.map), .block)
  }
}
