import Foundation

/// Python text, line by line, laid out as the formatter `black` does: at most 88 columns; a call
/// that is longer has its arguments on a line of their own, or on one each.
struct PythonSource {
  static let columns = 88

  private(set) var text = ""

  /// Adds a line at `depth` levels of indentation, laid out.
  mutating func line(_ line: String = "", _ depth: Int = 0) {
    for row in Self.layout(line, indent: depth * 4) { text += row + "\n" }
  }

  mutating func lines(_ lines: [String], _ depth: Int = 0) {
    for line in lines { self.line(line, depth) }
  }

  /// Adds several lines as they are; those that are too long are laid out.
  mutating func block(_ block: String) {
    for row in block.split(separator: "\n", omittingEmptySubsequences: false) {
      let indent = row.prefix { $0 == " " }.count
      for row in Self.layout(String(row.dropFirst(indent)), indent: indent) { text += row + "\n" }
    }
  }

  private static func layout(_ line: String, indent: Int, comma: String = "") -> [String] {
    let margin = String(repeating: " ", count: indent)
    let whole = margin + line + comma
    if whole.count > columns, line.hasPrefix("*["), let loop = line.range(of: " for _ in ") {
      let inside = line.dropFirst(2).dropLast()
      let body =
        indent + 4 + inside.count <= columns
        ? [margin + "    " + inside]
        : layout(String(line[..<loop.lowerBound].dropFirst(2)), indent: indent + 4)
          + [margin + "    " + line[loop.lowerBound...].dropFirst().dropLast()]
      return [margin + "*["] + body + [margin + "]" + comma]
    }
    guard whole.count > columns, let call = split(line) else { return [line.isEmpty ? "" : whole] }
    let inside = margin + "    " + call.arguments.joined(separator: ", ")
    let body =
      inside.count <= columns
      ? [inside] : call.arguments.flatMap { layout($0, indent: indent + 4, comma: ",") }
    return [margin + call.head] + body + [margin + call.tail + comma]
  }

  /// The last pair of brackets with its arguments, of a line that ends in one.
  private static func split(_ line: String) -> (head: String, arguments: [String], tail: String)? {
    let characters = Array(line)
    guard let last = characters.lastIndex(where: { ")]".contains($0) }),
      characters.count - last <= 2
    else { return nil }
    var depth = 0
    var commas: [Int] = []
    for index in stride(from: last, through: 0, by: -1) {
      switch characters[index] {
      case ")", "]", "}": depth += 1
      case "(", "[", "{":
        depth -= 1
        guard depth == 0 else { continue }
        let ends = commas.reversed() + [last]
        let starts = [index + 1] + commas.reversed().map { $0 + 1 }
        let arguments = zip(starts, ends).map { start, end in
          String(characters[start..<end].drop { $0 == " " })
        }
        guard arguments.contains(where: { !$0.isEmpty }) else { return nil }
        return (String(characters[...index]), arguments, String(characters[last...]))
      case "," where depth == 1: commas.append(index)
      default: break
      }
    }
    return nil
  }

  // MARK: Values

  /// A number that both Swift and Python read back as it was.
  static func real(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e6 ? "\(Int(value)).0" : "\(value)"
  }

  /// Every `step`-th element; black puts a blank before what is no plain name or number.
  static func slice(step: String) -> String { step.contains(".") ? ":: \(step)" : "::\(step)" }

  /// `name(a, b)`.
  static func call(_ name: String, _ arguments: [String]) -> String {
    "\(name)(\(arguments.joined(separator: ", ")))"
  }
}
