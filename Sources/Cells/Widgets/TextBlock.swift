/// Paragraphs, wrapped at spaces.
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
    for (y, line) in lines(width: canvas.width).prefix(canvas.height).enumerated() {
      canvas.write(line, x: 0, y: y, style: style, width: canvas.width, alignment: alignment)
    }
  }

  func lines(width: Int) -> [String] {
    guard width > 0 else { return [] }
    return text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { paragraph in
      var lines: [String] = []
      var line = ""
      for word in paragraph.split(separator: " ") {
        let candidate = line.isEmpty ? String(word) : line + " " + word
        if TextWidth.of(candidate) <= width || line.isEmpty {
          line = candidate
        } else {
          lines.append(line)
          line = String(word)
        }
      }
      return lines + [line]
    }
  }
}
