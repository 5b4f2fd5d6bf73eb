/// The numbers and lines along the edges of a chart.
extension LineChart {
  /// Draws both axes, and returns the canvas that they leave for the curves with the scale that its rows
  /// have; nil where there is no room for axes.
  func drawAxes(
    on canvas: Canvas, _ xScale: AxisScale, _ yScale: AxisScale
  ) -> (plot: Canvas, yScale: AxisScale)? {
    guard hasAxes(in: canvas.size) else { return nil }
    let height = canvas.height - 2
    let axis = yAxis(yScale, height: height)
    let gutter = Self.gutter(axis.ticks.labels)
    drawYAxis(on: canvas, gutter: gutter, height: height, axis.ticks, axis.scale)
    drawXAxis(
      on: canvas.region(
        Rect(x: gutter - 1, y: height, width: canvas.width - gutter + 1, height: 2)), xScale)
    return (
      canvas.region(Rect(x: gutter, y: 0, width: canvas.width - gutter, height: height)), axis.scale
    )
  }

  /// Where on the visible x axis a column of a drawn chart stands, from 0 to 1; nil where there is no
  /// axis.
  public func fraction(ofColumn x: Int, in size: Size) -> Double? {
    guard xScale != nil, let yScale else { return nil }
    let body = Size(width: size.width, height: size.height - (legend(in: size)?.height ?? 0))
    var first = 0
    if hasAxes(in: body) {
      first = Self.gutter(yAxis(yScale, height: body.height - 2).ticks.labels)
    }
    let last = size.width - 1
    guard x >= first, x <= last, last > first else { return nil }
    return Double(x - first) / Double(last - first)
  }

  private func hasAxes(in size: Size) -> Bool { size.width >= 16 && size.height >= 4 }

  private static func gutter(_ labels: [String]) -> Int { (labels.map(\.count).max() ?? 0) + 1 }

  private func yAxis(_ scale: AxisScale, height: Int) -> (scale: AxisScale, ticks: AxisTicks) {
    scale.upright(rows: height, unit: isPercent ? .fraction : .number)
  }

  private func drawYAxis(
    on canvas: Canvas, gutter: Int, height: Int, _ ticks: AxisTicks, _ scale: AxisScale
  ) {
    let theme = canvas.theme
    for y in 0..<height {
      canvas.put(canvas.glyphs.box.vertical, x: gutter - 1, y: y, style: theme.axis)
    }
    var lastRow = height + 1
    for (value, label) in zip(ticks.values, ticks.labels) {
      guard let position = scale.position(value) else { continue }
      let row = AxisScale.row(at: position, of: height)
      guard row < lastRow - (height > 4 ? 1 : 0) else { continue }
      lastRow = row
      canvas.write(
        label, x: 0, y: row, style: theme.axis, width: gutter - 1, alignment: .trailing)
      canvas.put(canvas.glyphs.tickLeft, x: gutter - 1, y: row, style: theme.axis)
      for x in stride(from: gutter, to: canvas.width, by: 2) {
        canvas.put(canvas.glyphs.gridHorizontal, x: x, y: row, style: theme.grid)
      }
    }
  }

  private func drawXAxis(on canvas: Canvas, _ scale: AxisScale) {
    let theme = canvas.theme
    canvas.put(canvas.glyphs.axisCorner, x: 0, y: 0, style: theme.axis)
    for x in 1..<max(1, canvas.width) {
      canvas.put(canvas.glyphs.box.horizontal, x: x, y: 0, style: theme.axis)
    }
    for event in events {
      guard let position = scale.position(event.x), (0...1).contains(position) else { continue }
      canvas.put(
        canvas.glyphs.event, x: 1 + Int((position * Double(canvas.width - 2)).rounded()), y: 0,
        style: event.style)
    }
    let labelWidth = canvas.columns(of: xLabel)
    let room = canvas.width - 1
    canvas.write(xLabel, x: canvas.width - labelWidth, y: 1, style: theme.axis)
    // What is counted comes whole.
    let isCounted = !isXLogarithmic && xUnit != .fraction
    let most = isCounted ? max(1, Int(min(1e6, scale.high - scale.low))) : room
    let ticks = scale.ticks(count: min(most, max(1, room / 8)), unit: xUnit)
    var free = -1
    for (value, label) in zip(ticks.values, ticks.labels) {
      guard let position = scale.position(value), (0...1).contains(position) else { continue }
      let x = 1 + Int((position * Double(room - 1)).rounded())
      let start = max(0, min(x - label.count / 2, canvas.width - label.count))
      guard start > free, start + label.count < canvas.width - labelWidth else { continue }
      if canvas.cell(x: x, y: 0).glyph != canvas.glyphs.event {
        canvas.put(canvas.glyphs.tickBottom, x: x, y: 0, style: theme.axis)
      }
      canvas.write(label, x: start, y: 1, style: theme.axis)
      free = start + label.count
    }
  }
}
