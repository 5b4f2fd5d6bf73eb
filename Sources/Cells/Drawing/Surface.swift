/// The cells of a frame that is being drawn, shared by every canvas onto it.
///
/// Keeps the grid whole: a wide glyph always stands in two cells, the second without a glyph of
/// its own, whatever is drawn over either half.
final class Surface {
  let size: Size
  private(set) var cells: [Cell]

  init(size: Size, fill: Cell) {
    self.size = size
    cells = Array(repeating: fill, count: size.width * size.height)
  }

  /// Puts a glyph of `width` 1 or 2 columns at a cell. The caller has made sure that all of it
  /// lies on the surface.
  func put(_ glyph: Character, width: Int, x: Int, y: Int, style: Style) {
    let index = y * size.width + x
    breakWideGlyph(at: index)
    if width == 2 {
      breakWideGlyph(at: index + 1)
      cells[index + 1] = Cell(glyph: nil, style: style)
    }
    cells[index] = Cell(glyph: glyph, style: style)
  }

  /// Fills the cells of a row that lies on the surface with printable ASCII.
  func put(plain text: String, droppingFirst dropped: Int, in row: Rect, style: Style) {
    let start = row.y * size.width + row.x
    breakWideGlyph(at: start)
    breakWideGlyph(at: start + row.width - 1)
    cells.withUnsafeMutableBufferPointer { cells in
      var index = start - dropped
      for byte in text.utf8 {
        if index >= start + row.width { break }
        if index >= start {
          cells[index] = Cell(glyph: Character(Unicode.Scalar(byte)), style: style)
        }
        index += 1
      }
    }
  }

  func fill(_ rect: Rect, glyph: Character, style: Style) {
    for y in rect.y..<rect.bottom where rect.width > 0 {
      let start = y * size.width + rect.x
      let end = start + rect.width
      breakWideGlyph(at: start)
      breakWideGlyph(at: end - 1)
      let cell = Cell(glyph: glyph, style: style)
      cells.withUnsafeMutableBufferPointer { $0[start..<end].update(repeating: cell) }
    }
  }

  func restyle(_ rect: Rect, with change: (inout Style) -> Void) {
    for y in rect.y..<rect.bottom {
      for x in rect.x..<rect.right { change(&cells[y * size.width + x].style) }
    }
  }

  func cell(x: Int, y: Int) -> Cell { cells[y * size.width + x] }

  /// Blanks both halves of the wide glyph that covers a cell, if one does.
  private func breakWideGlyph(at index: Int) {
    if cells[index].glyph == nil {
      cells[index].glyph = " "
      if index % size.width > 0 { cells[index - 1].glyph = " " }
    }
    if index % size.width + 1 < size.width, cells[index + 1].glyph == nil {
      cells[index].glyph = " "
      cells[index + 1].glyph = " "
    }
  }
}
