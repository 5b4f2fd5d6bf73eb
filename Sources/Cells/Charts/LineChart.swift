/// Curves over a common axis, with numbers on both axes and a legend with the latest values.
///
/// Every column of dots shows the least and the greatest value that fall into it, so that no spike
/// is lost however many points there are; what is no number is marked at the top edge, and what the
/// y axis leaves out at the edge that it lies beyond.
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
    /// The largest is furthest back; of equals, the first is.
    public var depth: Int
    /// It follows another line, which the y axis spans instead.
    public var follows: Bool

    public init(
      name: String?, style: Style, points: [Point], isMarked: Bool = false, latest: String? = nil,
      depth: Int = 0, follows: Bool = false
    ) {
      self.name = name
      self.style = style
      self.points = points
      self.isMarked = isMarked
      self.latest = latest
      self.depth = depth
      self.follows = follows
    }
  }

  /// A place that stands out, such as the best value.
  public struct Mark: Equatable, Sendable {
    public var x: Double
    public var y: Double
    public var style: Style

    public init(x: Double, y: Double, style: Style) {
      self.x = x
      self.y = y
      self.style = style
    }
  }

  /// Something that happened at a place of the x axis.
  public struct Event: Equatable, Sendable {
    public var x: Double
    public var style: Style

    public init(x: Double, style: Style) {
      self.x = x
      self.style = style
    }
  }

  /// Words beside a place.
  public struct Label: Equatable, Sendable {
    public var x: Double
    public var y: Double
    public var text: String
    public var style: Style

    public init(x: Double, y: Double, text: String, style: Style) {
      self.x = x
      self.y = y
      self.text = text
      self.style = style
    }
  }

  /// In the order of the legend.
  public var lines: [Line]
  /// The first have the first choice of where they stand; one for which there is no room is left out.
  public var labels: [Label] = []
  public var marks: [Mark] = []
  /// Name of the x axis, such as `step`.
  public var xLabel: String
  public var xUnit: AxisUnit
  public var isXLogarithmic = false
  /// Greatest x to make room for; nil to end with the data.
  public var xEnd: Double?
  /// What is shown of the x axis; nil for all.
  public var xRange: ClosedRange<Double>?
  /// Where a vertical line stands.
  public var cursor: Double?
  /// What happened at places of the x axis, which are marked.
  public var events: [Event] = []
  public var isLogarithmic: Bool
  /// Range of the y axis; nil to span the data.
  public var yRange: ClosedRange<Double>?
  /// The y axis leaves out the few values that lie far from all others; they are marked at the edge.
  public var leavesOutOutliers: Bool
  /// The y axis' numbers are fractions to show as percentages.
  public var isPercent: Bool
  /// Said where there is nothing to draw.
  public var emptyText: String
  /// A remark at the end of the legend, such as `min-max`.
  public var note: String?

  public init(
    lines: [Line], xLabel: String, xUnit: AxisUnit = .number, xEnd: Double? = nil,
    isLogarithmic: Bool = false, yRange: ClosedRange<Double>? = nil,
    leavesOutOutliers: Bool = false, isPercent: Bool = false, emptyText: String,
    note: String? = nil
  ) {
    self.lines = lines
    self.xLabel = xLabel
    self.xUnit = xUnit
    self.xEnd = xEnd
    self.isLogarithmic = isLogarithmic
    self.yRange = yRange
    self.leavesOutOutliers = leavesOutOutliers
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
    guard let plot = drawAxes(on: body, xScale, yScale) else {
      return drawCurves(on: body, xScale, yScale)
    }
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

  /// Every name comes before any value: colours alone would say nothing.
  private func drawLegend(on canvas: Canvas) {
    let glyphs = canvas.glyphs
    let named = lines.indices.filter { lines[$0].name != nil }
    let values = named.map { index in
      lines[index].latest ?? lines[index].points.last.map { NumberText.significant($0.y) } ?? ""
    }
    func width(_ index: Int) -> Int { 2 + canvas.columns(of: lines[index].name ?? "") }
    // What all names leave goes to the first values.
    var room = canvas.width - named.reduce(-2) { $0 + width($1) + 2 }
    var x = 0
    for (position, index) in named.enumerated() {
      let left = named.count - position
      let valueWidth = 1 + canvas.columns(of: values[position])
      let hasValue = valueWidth > 1 && (valueWidth <= room || named.count == 1)
      let needed = width(index) + (hasValue ? valueWidth : 0)
      guard x + needed + (left > 1 ? 4 : 0) <= canvas.width || x == 0 else {
        canvas.write("+\(left)", x: x, y: 0, style: canvas.theme.muted)
        return
      }
      canvas.put(
        glyphs.seriesMarks[index % glyphs.seriesMarks.count], x: x, y: 0, style: lines[index].style)
      canvas.write(
        [Span(lines[index].name ?? "", style: canvas.theme.muted)]
          + (hasValue ? [" ", Span(values[position], style: canvas.theme.emphasis)] : []),
        x: x + 2, y: 0)
      if hasValue { room -= valueWidth }
      x += needed + 2
    }
    if let note, x + canvas.columns(of: note) <= canvas.width {
      canvas.write(
        note, x: 0, y: 0, style: canvas.theme.faint, width: canvas.width, alignment: .trailing)
    }
  }
}
