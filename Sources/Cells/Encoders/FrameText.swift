/// A frame as plain text: its rows of glyphs without trailing spaces, each ended by a newline.
public enum FrameText {
  public static func encode(_ frame: Frame) -> String {
    var text = ""
    text.reserveCapacity(frame.cells.count * 2)
    for y in 0..<frame.size.height {
      var spaces = 0
      for x in 0..<frame.size.width {
        guard let glyph = frame.cells[y * frame.size.width + x].glyph else { continue }
        if glyph == " " {
          spaces += 1
          continue
        }
        for _ in 0..<spaces { text.append(" ") }
        spaces = 0
        text.append(glyph)
      }
      text.append("\n")
    }
    return text
  }
}
