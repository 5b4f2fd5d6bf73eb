/// What lies between the axes of a chart.
extension LineChart {
  func drawCurves(on canvas: Canvas, _ xScale: AxisScale, _ yScale: AxisScale) {
    guard canvas.width > 0, canvas.height > 0 else { return }
    var grid = DotGrid(
      columns: canvas.width, rows: canvas.height, isBraille: canvas.glyphs.usesBraille)
    var edges = Edges()
    let dotsPerCell = grid.width / canvas.width
    let order = lines.indices.sorted { (-lines[$0].depth, $0) < (-lines[$1].depth, $1) }
    let deepest = lines.map(\.depth).max() ?? 0
    for (layer, index) in order.enumerated() {
      trace(
        lines[index], layer: layer, plane: deepest - lines[index].depth, on: &grid,
        dotsPerCell: dotsPerCell, xScale, yScale, &edges)
    }
    drawCursor(on: canvas, xScale)
    let seriesMarks = canvas.glyphs.seriesMarks
    grid.draw(
      on: canvas, style: { lines[order[$0]].style },
      mark: {
        canvas.glyphs.isASCII ? seriesMarks[order[$0] % seriesMarks.count] : canvas.glyphs.point
      })
    // In the cells that have the curves' dots there.
    func cell(_ x: Double, _ y: Double) -> Cells.Point? {
      guard let x = xScale.position(x), let y = yScale.position(y), (0...1).contains(x),
        (0...1).contains(y)
      else { return nil }
      return Cells.Point(
        x: Int((x * Double(grid.width - 1)).rounded()) / dotsPerCell,
        y: AxisScale.row(at: y, of: canvas.height))
    }
    var taken: Set<Cells.Point> = []
    for index in order {
      guard let mark = lines[index].mark else { continue }
      for point in lines[index].points {
        guard let place = cell(point.x, point.y) else { continue }
        canvas.put(mark.glyph(in: canvas.glyphs), x: place.x, y: place.y, style: lines[index].style)
        taken.insert(place)
      }
    }
    for mark in marks {
      guard let place = cell(mark.x, mark.y) else { continue }
      canvas.put(canvas.glyphs.markedPoint, x: place.x, y: place.y, style: mark.style)
    }
    for label in labels {
      guard let place = cell(label.x, label.y) else { continue }
      draw(label, beside: place, on: canvas, &taken)
    }
    edges.draw(on: canvas)
  }

  /// At the right of its place, at the left, below or above it, where no other label or point is; not at
  /// all where there is no such room.
  private func draw(
    _ label: Label, beside place: Cells.Point, on canvas: Canvas, _ taken: inout Set<Cells.Point>
  ) {
    let width = canvas.columns(of: label.text)
    let (right, left) = (place.x + 2, place.x - 1 - width)
    let middle = max(0, min(canvas.width - width, place.x - width / 2))
    let starts = [
      (right, place.y), (left, place.y), (middle, place.y + 1), (middle, place.y - 1),
    ]
    for (x, y) in starts
    where x >= 0 && x + width <= canvas.width && (0..<canvas.height).contains(y) {
      // With a cell at either side, or two words would read as one.
      let cells = (x - 1...x + width).map { Cells.Point(x: $0, y: y) }
      guard taken.isDisjoint(with: cells) else { continue }
      taken.formUnion(cells)
      canvas.write(label.text, x: x, y: y, style: label.style)
      return
    }
  }

  private func drawCursor(on canvas: Canvas, _ xScale: AxisScale) {
    guard let cursor, let position = xScale.position(cursor), (0...1).contains(position) else {
      return
    }
    let x = Int((position * Double(canvas.width - 1)).rounded())
    for y in 0..<canvas.height {
      canvas.put(canvas.glyphs.gridVertical, x: x, y: y, style: canvas.theme.keyHint)
    }
  }

  /// Draws a curve, and notes what has no place on the y axis.
  private func trace(
    _ line: Line, layer: Int, plane: Int, on grid: inout DotGrid, dotsPerCell: Int,
    _ xScale: AxisScale, _ yScale: AxisScale, _ edges: inout Edges
  ) {
    func row(_ value: Double) -> Int? {
      yScale.position(value).map { AxisScale.row(at: $0, of: grid.height) }
    }
    var previous: (x: Int, y: Int)?
    for point in line.points {
      guard let position = xScale.position(point.x), position >= 0, position <= 1 else { continue }
      let x = Int((position * Double(grid.width - 1)).rounded())
      if point.hasGap { edges.notANumber.insert(x / dotsPerCell) }
      if !line.follows, point.high > yScale.high { edges.above.insert(x / dotsPerCell) }
      if !line.follows, point.low < yScale.low { edges.below.insert(x / dotsPerCell) }
      guard let y = row(point.y) else {
        previous = nil
        continue
      }
      if let previous, x > previous.x {
        grid.line(from: previous, to: (x, y), layer: layer, plane: plane)
      } else {
        grid.column(
          x: x, from: previous?.x == x ? previous?.y ?? y : y, to: y, layer: layer, plane: plane)
      }
      if let low = row(point.low), let high = row(point.high) {
        grid.column(x: x, from: low, to: high, layer: layer, plane: plane)
      }
      previous = (x, y)
    }
  }

  /// Columns of cells with values that the chart cannot show where they belong.
  private struct Edges {
    var notANumber: Set<Int> = []
    var above: Set<Int> = []
    var below: Set<Int> = []

    func draw(on canvas: Canvas) {
      let (theme, glyphs) = (canvas.theme, canvas.glyphs)
      for x in above { canvas.put(glyphs.above, x: x, y: 0, style: theme.warning) }
      for x in below {
        canvas.put(glyphs.below, x: x, y: canvas.height - 1, style: theme.warning)
      }
      for x in notANumber { canvas.put(glyphs.notANumber, x: x, y: 0, style: theme.bad) }
    }
  }
}
