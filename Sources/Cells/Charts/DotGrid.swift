/// Dots on a canvas: in braille two columns and four rows a cell, else one dot a cell.
///
/// A cell has one colour, so that it shows the dots of one layer alone, the topmost in it: no dot is
/// seen in another layer's colour.
struct DotGrid {
  /// Dots across and down.
  let width: Int
  let height: Int
  private let columns: Int
  private let rows: Int
  private let isBraille: Bool
  private var patterns: [UInt8]
  private var layers: [Int16]

  init(columns: Int, rows: Int, isBraille: Bool) {
    self.columns = columns
    self.rows = rows
    self.isBraille = isBraille
    width = columns * (isBraille ? 2 : 1)
    height = rows * (isBraille ? 4 : 1)
    patterns = Array(repeating: 0, count: columns * rows)
    layers = Array(repeating: -1, count: columns * rows)
  }

  /// Sets the dot in column `x` of row `y` from the top. Layers come in ascending order.
  mutating func set(x: Int, y: Int, layer: Int) {
    guard x >= 0, x < width, y >= 0, y < height else { return }
    guard isBraille else {
      patterns[y * columns + x] = 1
      layers[y * columns + x] = Int16(layer)
      return
    }
    // Unicode's numbering of the dots goes down the columns, then along the bottom row.
    let (row, column) = (y & 3, x & 1)
    let bit = row < 3 ? UInt8(1) << UInt8(3 * column + row) : UInt8(0x40) << UInt8(column)
    let index = (y >> 2) * columns + (x >> 1)
    let isNew = Int(layers[index]) != layer
    patterns[index] = (isNew ? 0 : patterns[index]) | bit
    layers[index] = Int16(layer)
  }

  /// Sets the dots of column `x` from row `a` to row `b`.
  mutating func column(x: Int, from a: Int, to b: Int, layer: Int) {
    for y in max(0, min(a, b))...max(0, min(height - 1, max(a, b))) {
      set(x: x, y: y, layer: layer)
    }
  }

  /// Sets the dots of a straight line.
  mutating func line(from a: (x: Int, y: Int), to b: (x: Int, y: Int), layer: Int) {
    let steps = max(abs(b.x - a.x), abs(b.y - a.y))
    guard steps > 0 else { return set(x: a.x, y: a.y, layer: layer) }
    for step in 0...steps {
      let t = Double(step) / Double(steps)
      set(
        x: a.x + Int((Double(b.x - a.x) * t).rounded()),
        y: a.y + Int((Double(b.y - a.y) * t).rounded()), layer: layer)
    }
  }

  /// Draws the cells that have a dot; `style` and `mark` are those of a layer.
  func draw(on canvas: Canvas, style: (Int) -> Style, mark: (Int) -> Character) {
    for row in 0..<rows {
      for column in 0..<columns {
        let pattern = patterns[row * columns + column]
        guard pattern != 0 else { continue }
        let layer = Int(layers[row * columns + column])
        let glyph =
          isBraille
          ? Unicode.Scalar(0x2800 + UInt32(pattern)).map { Character($0) } ?? " " : mark(layer)
        canvas.put(glyph, x: column, y: row, style: style(layer))
      }
    }
  }
}
