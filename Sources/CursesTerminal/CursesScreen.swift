import CTerminal
package import Cells

/// ncurses' screen: shows frames, and tells what it shows. A process has one at a time.
@MainActor
package final class CursesScreen {
  /// What ncurses shows in a cell.
  package struct ShownCell: Hashable, Sendable {
    package var glyph: Character?
    /// Colour numbers; -1 is the terminal's own colour.
    package var foreground: Int32
    package var background: Int32
    package var attributes: Style.Attributes
  }

  private(set) static var isOpen = false

  package let colorDepth: ColorDepth
  private var encoder: CellEncoder
  private var row: [ct_cell] = []
  private var isClosed = false

  /// Opens the screen on standard input and output.
  init(_ description: TerminalDescription) throws(TerminalError) {
    guard !Self.isOpen else { throw .alreadyOpen }
    guard ct_open(description.type) else { throw .cannotOpen(type: description.type) }
    (encoder, colorDepth) = Self.encoder(description)
    Self.isOpen = true
  }

  /// Opens a screen that has a size and a type but no terminal, in UTF-8.
  package init(headless type: String, size: Size) throws(TerminalError) {
    guard !Self.isOpen else { throw .alreadyOpen }
    var description = try TerminalDescription(type: type)
    description.isUTF8 = ct_adopt_utf8()
    guard ct_open_headless(type, Int32(size.width), Int32(size.height)) else {
      throw .cannotOpen(type: type)
    }
    (encoder, colorDepth) = Self.encoder(description)
    Self.isOpen = true
  }

  private static func encoder(_ description: TerminalDescription) -> (CellEncoder, ColorDepth) {
    var hasDefaultColors = false
    let depth =
      description.colorDepth != .monochrome && ct_start_color(&hasDefaultColors)
      ? description.colorDepth : .monochrome
    let pairs = ColorPairs(depth: depth, hasDefaultColors: hasDefaultColors)
    return (CellEncoder(pairs: pairs, isUTF8: description.isUTF8), depth)
  }

  package var size: Size { Size(width: Int(ct_width()), height: Int(ct_height())) }

  /// Shows the part of `frame` that the screen has room for, blanks around it, and the cursor where
  /// one is given.
  package func present(_ frame: Frame, cursor: Point? = nil) {
    guard !isClosed else { return }
    let visible = Rect(size: size).intersection(Rect(size: frame.size)).size
    ct_erase()
    encoder.beginFrame()
    for y in 0..<visible.height {
      row.removeAll(keepingCapacity: true)
      let start = y * frame.size.width
      encoder.encode(frame.cells[start..<start + visible.width], into: &row)
      ct_put_row(Int32(y), row, Int32(visible.width))
    }
    let shown = cursor.flatMap { Rect(size: size).contains($0) ? $0 : nil }
    ct_show(Int32(shown?.x ?? -1), Int32(shown?.y ?? -1))
  }

  /// What the terminal shows in column `x` of row `y`; nil outside the screen.
  package func shownCell(x: Int, y: Int) -> ShownCell? {
    var cell = ct_cell()
    var foreground: Int32 = 0
    var background: Int32 = 0
    guard Rect(size: size).contains(Point(x: x, y: y)),
      ct_shown_cell(Int32(x), Int32(y), &cell, &foreground, &background)
    else { return nil }
    return ShownCell(
      glyph: CellEncoder.glyph(of: cell), foreground: foreground, background: background,
      attributes: Style.Attributes(rawValue: UInt8(truncatingIfNeeded: cell.attributes)))
  }

  package func close() {
    guard !isClosed else { return }
    isClosed = true
    Self.isOpen = false
    ct_close()
  }
}
