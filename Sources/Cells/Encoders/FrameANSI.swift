/// A frame as rows of text with SGR sequences and nothing else that a terminal obeys: each row
/// ends in the plain style and a newline, and trailing plain blanks are cut.
public enum FrameANSI {
  public static func encode(_ frame: Frame, depth: ColorDepth) -> String {
    var encoder = SGREncoder(depth: depth)
    encoder.output.reserveCapacity(frame.cells.count * 4)
    for y in 0..<frame.size.height {
      let row = frame.cells[(y * frame.size.width)..<((y + 1) * frame.size.width)]
      let end = row.lastIndex { $0 != .blank }.map { $0 + 1 } ?? row.startIndex
      for cell in row[..<end] {
        guard let glyph = cell.glyph else { continue }
        encoder.select(cell.style)
        encoder.output.append(contentsOf: glyph.utf8)
      }
      encoder.select(.plain)
      encoder.output.append(UInt8(ascii: "\n"))
    }
    return String(decoding: encoder.output, as: UTF8.self)
  }
}

/// Writes the shortest SGR sequence (ECMA-48 §8.3.117) from one style to the next.
private struct SGREncoder {
  var output: [UInt8] = []
  private let depth: ColorDepth
  private var current = Style.plain
  private var indices: [Color: Int] = [:]

  init(depth: ColorDepth) { self.depth = depth }

  mutating func select(_ style: Style) {
    guard style != current else { return }
    let previous = current
    current = style
    if style == .plain {
      output.append(contentsOf: "\u{1B}[0m".utf8)
      return
    }
    var parameters = ""
    var base = previous
    if !previous.attributes.isSubset(of: style.attributes) {
      parameters += "0;"
      base = .plain
    }
    for (attribute, code) in Self.attributes
    where style.attributes.contains(attribute) && !base.attributes.contains(attribute) {
      parameters += "\(code);"
    }
    if style.foreground != base.foreground {
      parameters += color(style.foreground, normal: 30, bright: 90)
    }
    if style.background != base.background {
      parameters += color(style.background, normal: 40, bright: 100)
    }
    guard !parameters.isEmpty else { return }
    output.append(contentsOf: "\u{1B}[".utf8)
    output.append(contentsOf: parameters.utf8.dropLast())
    output.append(UInt8(ascii: "m"))
  }

  private static let attributes: [(Style.Attributes, Int)] = [
    (.bold, 1), (.dim, 2), (.italic, 3), (.underline, 4), (.reverse, 7),
  ]

  /// Parameters that choose a colour, each followed by a semicolon.
  private mutating func color(_ color: Color, normal: Int, bright: Int) -> String {
    guard depth != .monochrome else { return "" }
    guard case .rgb(let red, let green, let blue) = color else { return "\(normal + 9);" }
    if depth == .trueColor { return "\(normal + 8);2;\(red);\(green);\(blue);" }
    guard let index = indices[color] ?? Palette.index(of: color, depth: depth) else {
      // The terminal's own colour comes nearest.
      return "\(normal + 9);"
    }
    indices[color] = index
    if depth == .colors256 { return "\(normal + 8);5;\(index);" }
    return index < 8 ? "\(normal + index);" : "\(bright + index - 8);"
  }
}
