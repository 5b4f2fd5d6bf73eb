/// Paragraphs, wrapped at spaces, and words wider than the block within, after a slash if they can be;
/// where there is no room for all of it, it ends in an ellipsis.
public struct TextBlock: Sendable {
  public var text: String
  public var style: Style?
  public var alignment: Alignment

  public init(_ text: String, style: Style? = nil, alignment: Alignment = .leading) {
    self.text = text
    self.style = style
    self.alignment = alignment
  }

  /// Lines that the text takes at a width.
  public func lineCount(width: Int) -> Int { lines(width: width).count }

  public func draw(on canvas: Canvas) {
    let lines = lines(width: canvas.width)
    for (y, line) in lines.prefix(canvas.height).enumerated() {
      let isCut = y == canvas.height - 1 && lines.count > canvas.height
      canvas.write(
        isCut ? line + String(canvas.glyphs.ellipsis) : line, x: 0, y: y, style: style,
        width: canvas.width, alignment: alignment)
    }
  }

  func lines(width: Int) -> [String] {
    guard width > 0 else { return [] }
    return text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { paragraph in
      var lines: [String] = []
      var line = ""
      var columns = 0
      for word in paragraph.split(separator: " ").flatMap({ pieces(of: $0, width: width) }) {
        let needed = TextWidth.of(word)
        if line.isEmpty {
          (line, columns) = (String(word), needed)
        } else if columns + 1 + needed <= width {
          line.append(" ")
          line.append(contentsOf: word)
          columns += 1 + needed
        } else {
          lines.append(line)
          (line, columns) = (String(word), needed)
        }
      }
      lines.append(line)
      return lines
    }
  }

  /// Parts of a word that each fit into `width` columns.
  private func pieces(of word: Substring, width: Int) -> [Substring] {
    var rest = word
    var pieces: [Substring] = []
    while TextWidth.of(rest) > width {
      var columns = 0
      let end = rest.firstIndex { glyph in
        columns += TextWidth.of(String(glyph))
        return columns > width
      }
      guard var end, end > rest.startIndex else { break }
      if let slash = rest[..<end].lastIndex(of: "/"), slash > rest.startIndex {
        end = rest.index(after: slash)
      }
      pieces.append(rest[..<end])
      rest = rest[end...]
    }
    return pieces + [rest]
  }
}
