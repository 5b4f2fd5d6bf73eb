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

  /// What marks each point of a line besides the curve.
  public enum PointMark: Sendable {
    case point, otherPoint

    public func glyph(in glyphs: Glyphs) -> Character {
      switch self {
      case .point: glyphs.point
      case .otherPoint: glyphs.otherPoint
      }
    }
  }

  public struct Line: Sendable {
    /// What the legend calls it; a line without a name is not in the legend.
    public var name: String?
    public var style: Style
    /// Ascending in `x`.
    public var points: [Point]
    /// nil for a curve alone.
    public var mark: PointMark?
    /// What the legend shows; by default the last point's value.
    public var latest: String?
    /// The largest is furthest back; equals take turns where they coincide.
    public var depth: Int
    /// It follows another line, which the y axis spans instead.
    public var follows: Bool

    public init(
      name: String?, style: Style, points: [Point], mark: PointMark? = nil, latest: String? = nil,
      depth: Int = 0, follows: Bool = false
    ) {
      self.name = name
      self.style = style
      self.points = points
      self.mark = mark
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
    let legend = legend(in: canvas.size)
    let height = legend?.height ?? 0
    legend?.draw(on: canvas.region(Rect(x: 0, y: 0, width: canvas.width, height: height)))
    let body = canvas.region(
      Rect(x: 0, y: height, width: canvas.width, height: canvas.height - height))
    let axes = drawAxes(on: body, xScale, yScale)
    drawCurves(on: axes?.plot ?? body, xScale, axes?.yScale ?? yScale)
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
}
