/// Dots on a canvas: in braille two columns and four rows a cell, else one dot a cell.
///
/// A cell has one colour, so that it shows the dots of one layer alone: no dot is seen in another layer's
/// colour. Layers lie in planes. Of the planes a cell shows the topmost that has a dot there; the layers
/// of one plane take turns from column to column in the cells that they share, so that curves which
/// coincide are all seen.
struct DotGrid {
  /// Dots across and down.
  let width: Int
  let height: Int
  private let columns: Int
  private let rows: Int
  private let isBraille: Bool
  /// Of the layer that came last, in each cell.
  private var patterns: [UInt8]
  private var layers: [Int16]
  private var planes: [Int16]
  /// The layers of the same plane that came before it, in the few cells that are shared.
  private var shared: [Int: [(layer: Int16, pattern: UInt8)]] = [:]

  /// Columns of a turn.
  private static let turn = 2

  init(columns: Int, rows: Int, isBraille: Bool) {
    self.columns = columns
    self.rows = rows
    self.isBraille = isBraille
    width = columns * (isBraille ? 2 : 1)
    height = rows * (isBraille ? 4 : 1)
    patterns = Array(repeating: 0, count: columns * rows)
    layers = Array(repeating: -1, count: columns * rows)
    planes = Array(repeating: -1, count: columns * rows)
  }

  /// Sets the dot in column `x` of row `y` from the top. Planes come in ascending order, and so do the
  /// layers of a plane.
  mutating func set(x: Int, y: Int, layer: Int, plane: Int) {
    guard x >= 0, x < width, y >= 0, y < height else { return }
    var (index, bit) = (y * columns + x, UInt8(1))
    if isBraille {
      // Unicode's numbering of the dots goes down the columns, then along the bottom row.
      let (row, column) = (y & 3, x & 1)
      bit = row < 3 ? UInt8(1) << UInt8(3 * column + row) : UInt8(0x40) << UInt8(column)
      index = (y >> 2) * columns + (x >> 1)
    }
    if Int(layers[index]) == layer {
      patterns[index] |= bit
      return
    }
    if Int(planes[index]) == plane {
      shared[index, default: []].append((layers[index], patterns[index]))
    } else {
      shared[index] = nil
    }
    patterns[index] = bit
    layers[index] = Int16(layer)
    planes[index] = Int16(plane)
  }

  /// Sets the dots of column `x` from row `a` to row `b`.
  mutating func column(x: Int, from a: Int, to b: Int, layer: Int, plane: Int) {
    for y in max(0, min(a, b))...max(0, min(height - 1, max(a, b))) {
      set(x: x, y: y, layer: layer, plane: plane)
    }
  }

  /// Sets the dots of a straight line.
  mutating func line(from a: (x: Int, y: Int), to b: (x: Int, y: Int), layer: Int, plane: Int) {
    let steps = max(abs(b.x - a.x), abs(b.y - a.y))
    guard steps > 0 else { return set(x: a.x, y: a.y, layer: layer, plane: plane) }
    for step in 0...steps {
      let t = Double(step) / Double(steps)
      set(
        x: a.x + Int((Double(b.x - a.x) * t).rounded()),
        y: a.y + Int((Double(b.y - a.y) * t).rounded()), layer: layer, plane: plane)
    }
  }

  /// Draws the cells that have a dot; `style` and `mark` are those of a layer.
  func draw(on canvas: Canvas, style: (Int) -> Style, mark: (Int) -> Character) {
    for row in 0..<rows {
      for column in 0..<columns {
        let index = row * columns + column
        var (layer, pattern) = (Int(layers[index]), patterns[index])
        guard pattern != 0 else { continue }
        if let others = shared[index] {
          let turn = column / Self.turn % (others.count + 1)
          if turn < others.count {
            (layer, pattern) = (Int(others[turn].layer), others[turn].pattern)
          }
        }
        let glyph =
          isBraille
          ? Unicode.Scalar(0x2800 + UInt32(pattern)).map { Character($0) } ?? " " : mark(layer)
        canvas.put(glyph, x: column, y: row, style: style(layer))
      }
    }
  }
}
