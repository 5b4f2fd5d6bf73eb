/// One character cell of a frame.
public struct Cell: Hashable, Sendable {
  /// What stands in the cell: one grapheme, or empty in the second column of a wide one.
  public var glyph: Character?
  public var style: Style

  public init(glyph: Character?, style: Style = .plain) {
    self.glyph = glyph
    self.style = style
  }

  public static let blank = Cell(glyph: " ")
}

/// A grid of styled cells: what a pane renders into and what every sink shows.
public struct Frame: Equatable, Sendable {
  public let size: Size
  /// Row by row, `size.width × size.height` cells.
  public private(set) var cells: [Cell]

  public init(size: Size, fill: Cell = .blank) {
    self.size = size
    cells = Array(repeating: fill, count: size.width * size.height)
  }

  init(size: Size, cells: [Cell]) {
    precondition(cells.count == size.width * size.height)
    self.size = size
    self.cells = cells
  }

  /// The cell in column `x` of row `y`. Writing outside the frame does nothing; reading there
  /// gives a blank.
  public subscript(x: Int, y: Int) -> Cell {
    get {
      guard Rect(size: size).contains(Point(x: x, y: y)) else { return .blank }
      return cells[y * size.width + x]
    }
    set {
      guard Rect(size: size).contains(Point(x: x, y: y)) else { return }
      cells[y * size.width + x] = newValue
    }
  }
}
