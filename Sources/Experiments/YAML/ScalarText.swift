import Yams

/// Scalars by the core schema of YAML 1.2.
enum ScalarText {
  /// The text of a plain scalar, which the schema may read as something other than text.
  private static func plain(_ node: Node) -> String? {
    guard let scalar = node.scalar, scalar.style == .plain || scalar.style == .any else {
      return nil
    }
    return scalar.string
  }

  static func isNull(_ node: Node) -> Bool {
    guard let text = plain(node) else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }

  static func boolean(_ node: Node) -> Bool? {
    switch plain(node) {
    case "true", "True", "TRUE": true
    case "false", "False", "FALSE": false
    default: nil
    }
  }

  /// Decimal digits with an optional sign.
  static func integer<Number: FixedWidthInteger>(_ node: Node, as: Number.Type) -> Number? {
    plain(node).flatMap { Number($0) }
  }

  /// A decimal number; infinities and NaN are none.
  static func number(_ node: Node) -> Double? {
    guard let text = plain(node), text.utf8.count <= 64,
      text.utf8.allSatisfy({ "+-.eE0123456789".utf8.contains($0) })
    else { return nil }
    // Double's own reader wants a digit on both sides of the point; the schema does not.
    guard let value = Double(text.hasPrefix(".") ? "0" + text : text), value.isFinite else {
      return nil
    }
    return value
  }

  /// Text of `node` for a message: what it is, as one short line.
  static func shown(_ node: Node) -> String {
    switch node {
    case .scalar(let scalar): isNull(node) ? "null" : shortened(scalar.string)
    case .sequence: "a list"
    case .mapping: "a mapping"
    case .alias: "an alias"
    }
  }

  /// At most 40 characters of a foreign text, printable.
  static func shortened(_ text: String) -> String {
    let start = printable(text.unicodeScalars.prefix(40))
    return text.unicodeScalars.count > 40 ? start + "…" : start
  }

  /// The text as one line: everything unprintable is escaped.
  static func printable(_ text: some Sequence<Unicode.Scalar>) -> String {
    var result = ""
    for scalar in text {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned,
        .privateUse:
        result += scalar.escaped(asASCII: true)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The shortest text that reads back as `value`, such as `0.05` or `1e-5`.
  static func text(of value: Double) -> String {
    let text = value.description
    guard let mark = text.firstIndex(of: "e") else {
      return text
    }
    guard let exponent = Int(text[text.index(after: mark)...]) else { return text }
    let mantissa = text[..<mark]
    return (mantissa.hasSuffix(".0") ? mantissa.dropLast(2) : mantissa) + "e\(exponent)"
  }
}
