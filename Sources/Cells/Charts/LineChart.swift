import Foundation

/// Curves over a common axis, with numbers on both axes and a legend with the latest values.
///
/// Every column of dots shows the least and the greatest value that fall into it, so that no spike
/// is lost however many points there are; what is no number is marked at the top edge.
public struct LineChart: Sendable {
  /// A value, or neighbouring values with their extremes.
  public struct Point: Equatable, Sendable {
    public var x: Double
    /// The curve goes through it.
    public var y: Double
    public var low: Double
    public var high: Double
    /// Some of the values are no number.
    public var hasGap: Bool

    public init(x: Double, y: Double) {
      self.init(x: x, y: y, low: y, high: y, hasGap: !y.isFinite)
    }

    public init(x: Double, y: Double, low: Double, high: Double, hasGap: Bool) {
      self.x = x
      self.y = y
      self.low = low
      self.high = high
      self.hasGap = hasGap
    }
  }

  public struct Line: Sendable {
    /// What the legend calls it; a line without a name is not in the legend.
    public var name: String?
    public var style: Style
    /// Ascending in `x`.
    public var points: [Point]
    /// Each point has a mark of its own besides the curve.
    public var isMarked: Bool
    /// What the legend shows; by default the last point's value.
    public var latest: String?

    public init(
      name: String?, style: Style, points: [Point], isMarked: Bool = false, latest: String? = nil
    ) {
      self.name = name
      self.style = style
      self.points = points
      self.isMarked = isMarked
      self.latest = latest
    }
  }

  /// From the back to the front.
  public var lines: [Line]
  /// Unit of the x axis, such as `step`.
  public var xLabel: String
  /// Greatest x to make room for; nil to end with the data.
  public var xEnd: Double?
  public var isLogarithmic: Bool
  /// Range of the y axis; nil to span the data.
  public var yRange: ClosedRange<Double>?
  /// The y axis' numbers are fractions to show as percentages.
  public var isPercent: Bool
  /// Said where there is nothing to draw.
  public var emptyText: String
  /// A remark at the end of the legend, such as `min-max`.
  public var note: String?

  public init(
    lines: [Line], xLabel: String, xEnd: Double? = nil, isLogarithmic: Bool = false,
    yRange: ClosedRange<Double>? = nil, isPercent: Bool = false, emptyText: String,
    note: String? = nil
  ) {
    self.lines = lines
    self.xLabel = xLabel
    self.xEnd = xEnd
    self.isLogarithmic = isLogarithmic
    self.yRange = yRange
    self.isPercent = isPercent
    self.emptyText = emptyText
    self.note = note
  }

  public func draw(on canvas: Canvas) {
    guard canvas.width > 0, canvas.height > 0 else { return }
    guard let xScale, let yScale else { return drawEmpty(on: canvas) }
    let hasLegend = canvas.height >= 3
    if hasLegend { drawLegend(on: canvas.region(Rect(x: 0, y: 0, width: canvas.width, height: 1))) }
    let body = canvas.region(
      Rect(
        x: 0, y: hasLegend ? 1 : 0, width: canvas.width,
        height: canvas.height - (hasLegend ? 1 : 0)))
    guard body.width >= 16, body.height >= 4 else {
      return drawCurves(on: body, xScale, yScale)
    }
    let plotHeight = body.height - 2
    let ticks = yScale.ticks(count: max(2, plotHeight / 2))
    let labels = isPercent ? percentLabels(ticks) : ticks.labels
    let gutter = (labels.map(\.count).max() ?? 0) + 1
    let plot = body.region(
      Rect(x: gutter, y: 0, width: body.width - gutter, height: plotHeight))
    drawYAxis(on: body, gutter: gutter, height: plotHeight, ticks, labels, yScale)
    drawXAxis(
      on: body.region(
        Rect(x: gutter - 1, y: plotHeight, width: body.width - gutter + 1, height: 2)), xScale)
    drawCurves(on: plot, xScale, yScale)
  }

  private func drawEmpty(on canvas: Canvas) {
    let block = TextBlock(emptyText, style: canvas.theme.muted, alignment: .center)
    let height = block.lineCount(width: canvas.width)
    block.draw(
      on: canvas.region(
        Rect(
          x: 0, y: max(0, (canvas.height - height) / 2), width: canvas.width,
          height: canvas.height)))
  }

  // MARK: Scales

  private var xScale: AxisScale? {
    let xs = lines.flatMap { line in [line.points.first?.x, line.points.last?.x] }
      .compactMap { $0 }.filter(\.isFinite)
    guard let low = xs.min(), let high = xs.max() else { return nil }
    // Steps are counted from 1: the axis begins at 0.
    let start = low >= 0 && low <= 0.1 * max(high, xEnd ?? high) ? 0 : low
    let end = max(high, xEnd ?? high)
    return AxisScale(low: start, high: end > start ? end : start + 1, isLogarithmic: false)
  }

  private var yScale: AxisScale? {
    if let yRange {
      guard lines.contains(where: { !$0.points.isEmpty }) else { return nil }
      return AxisScale(
        low: yRange.lowerBound, high: yRange.upperBound, isLogarithmic: isLogarithmic)
    }
    var low = Double.infinity
    var high = -Double.infinity
    for line in lines {
      for point in line.points {
        if point.low.isFinite, !isLogarithmic || point.low > 0 { low = min(low, point.low) }
        if point.high.isFinite, !isLogarithmic || point.high > 0 { high = max(high, point.high) }
      }
    }
    if isLogarithmic, low > high { low = high }
    return AxisScale(spanning: low <= high ? low...high : nil, isLogarithmic: isLogarithmic)
  }

  // MARK: Axes

  private func percentLabels(_ ticks: AxisTicks) -> [String] {
    ticks.values.map { NumberText.fixed($0 * 100, decimals: max(0, ticks.decimals - 2)) + "%" }
  }

  private func drawYAxis(
    on canvas: Canvas, gutter: Int, height: Int, _ ticks: AxisTicks, _ labels: [String],
    _ scale: AxisScale
  ) {
    let theme = canvas.theme
    for y in 0..<height {
      canvas.put(canvas.glyphs.box.vertical, x: gutter - 1, y: y, style: theme.axis)
    }
    var lastRow = height + 1
    for (value, label) in zip(ticks.values, labels) {
      guard let position = scale.position(value) else { continue }
      let row = height - 1 - Int((position * Double(height - 1)).rounded())
      guard row >= 0, row < height, row < lastRow - (height > 4 ? 1 : 0) else { continue }
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
    let labelWidth = canvas.columns(of: xLabel)
    let room = canvas.width - 1
    canvas.write(xLabel, x: canvas.width - labelWidth, y: 1, style: theme.axis)
    // Steps come whole.
    let most = max(1, Int(min(1e6, scale.high - scale.low)))
    let ticks = scale.ticks(count: min(most, max(1, room / 8)))
    var free = -1
    for (value, label) in zip(ticks.values, ticks.labels) {
      guard let position = scale.position(value), position <= 1 else { continue }
      let x = 1 + Int((position * Double(room - 1)).rounded())
      let start = max(0, min(x - label.count / 2, canvas.width - label.count))
      guard start > free, start + label.count < canvas.width - labelWidth else { continue }
      canvas.put(canvas.glyphs.tickBottom, x: x, y: 0, style: theme.axis)
      canvas.write(label, x: start, y: 1, style: theme.axis)
      free = start + label.count
    }
  }

  private func drawLegend(on canvas: Canvas) {
    let glyphs = canvas.glyphs
    var x = 0
    for (index, line) in lines.enumerated() {
      guard let name = line.name else { continue }
      let value = line.latest ?? latest(of: line).map { NumberText.significant($0) } ?? ""
      let stroke = glyphs.seriesMarks[index % glyphs.seriesMarks.count]
      let needed = 2 + canvas.columns(of: name) + 1 + canvas.columns(of: value)
      guard x + needed <= canvas.width else { break }
      canvas.put(stroke, x: x, y: 0, style: line.style)
      canvas.write(name, x: x + 2, y: 0, style: canvas.theme.muted)
      canvas.write(
        value, x: x + 3 + canvas.columns(of: name), y: 0, style: canvas.theme.emphasis)
      x += needed + 2
    }
    if let note, x + canvas.columns(of: note) <= canvas.width {
      canvas.write(
        note, x: 0, y: 0, style: canvas.theme.faint, width: canvas.width, alignment: .trailing)
    }
  }

  private func latest(of line: Line) -> Double? { line.points.last?.y }

  // MARK: Curves

  private func drawCurves(on canvas: Canvas, _ xScale: AxisScale, _ yScale: AxisScale) {
    guard canvas.width > 0, canvas.height > 0 else { return }
    var grid = DotGrid(
      columns: canvas.width, rows: canvas.height, isBraille: canvas.glyphs.usesBraille)
    var gaps: Set<Int> = []
    var marks: [(x: Int, y: Int, line: Int)] = []
    let dotsPerCell = grid.width / canvas.width
    for (layer, line) in lines.enumerated() {
      trace(line, layer: layer, on: &grid, xScale, yScale) { gaps.insert($0 / dotsPerCell) }
      guard line.isMarked else { continue }
      for point in line.points {
        guard let x = xScale.position(point.x), let y = yScale.position(point.y),
          (0...1).contains(x), (0...1).contains(y)
        else { continue }
        marks.append(
          (
            Int((x * Double(canvas.width - 1)).rounded()),
            Int(((1 - y) * Double(canvas.height - 1)).rounded()), layer
          ))
      }
    }
    let seriesMarks = canvas.glyphs.seriesMarks
    grid.draw(
      on: canvas, style: { lines[$0].style },
      mark: { canvas.glyphs.isASCII ? seriesMarks[$0 % seriesMarks.count] : canvas.glyphs.point })
    for mark in marks {
      canvas.put(canvas.glyphs.point, x: mark.x, y: mark.y, style: lines[mark.line].style)
    }
    for column in gaps.sorted() {
      canvas.put(canvas.glyphs.notANumber, x: column, y: 0, style: canvas.theme.bad)
    }
  }

  /// Draws a curve; `gap` is told the columns of dots with values that are no number.
  private func trace(
    _ line: Line, layer: Int, on grid: inout DotGrid, _ xScale: AxisScale, _ yScale: AxisScale,
    gap: (Int) -> Void
  ) {
    func row(_ value: Double) -> Int? {
      yScale.position(value).map {
        Int(((1 - min(1, max(0, $0))) * Double(grid.height - 1)).rounded())
      }
    }
    var previous: (x: Int, y: Int)?
    for point in line.points {
      guard let position = xScale.position(point.x), position >= 0, position <= 1 else { continue }
      let x = Int((position * Double(grid.width - 1)).rounded())
      if point.hasGap { gap(x) }
      guard let y = row(point.y) else {
        previous = nil
        continue
      }
      if let previous, x > previous.x {
        grid.line(from: previous, to: (x, y), layer: layer)
      } else {
        grid.column(x: x, from: previous?.x == x ? previous?.y ?? y : y, to: y, layer: layer)
      }
      if let low = row(point.low), let high = row(point.high) {
        grid.column(x: x, from: low, to: high, layer: layer)
      }
      previous = (x, y)
    }
  }
}
