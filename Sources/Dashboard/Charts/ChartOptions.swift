/// How all charts are drawn.
struct ChartOptions: Sendable, Equatable {
  var axis = ChartAxis.step
  /// nil: where the loss spans more than `logarithmicFrom`, so that a spike hides nothing.
  var isLogarithmic: Bool?
  /// Weight of the past in the smoothed curve, as TensorBoard's slider: 0 is off.
  var smoothing = 0.6
  /// The y axes span all values; else they leave out the few that lie far from all others, and mark
  /// them.
  var showsOutliers = false
  /// What is shown of the x axis; nil for all of it.
  var visible: ClosedRange<Double>?
  /// Step of the shown run whose values are read in every chart.
  var cursor: Int?

  /// Fewer values, such as those of some validations, stand for themselves.
  static let fewestToSmooth = 20

  static let smoothings = [0, 0.6, 0.9, 0.99]
  /// Greatest over least value.
  static let logarithmicFrom = 50.0
}

/// Moves what is shown of an axis.
struct AxisWindow: Equatable {
  /// From the first to the last value there is.
  let whole: ClosedRange<Double>
  private(set) var visible: ClosedRange<Double>
  /// Least width, so that two steps never are one column.
  private let least: Double

  /// Most times that the axis is magnified.
  static let most = 1e5

  init(whole: ClosedRange<Double>, visible: ClosedRange<Double>?) {
    self.whole = whole
    least = max((whole.upperBound - whole.lowerBound) / Self.most, .leastNormalMagnitude)
    self.visible = visible ?? whole
  }

  private var width: Double { visible.upperBound - visible.lowerBound }
  private var wholeWidth: Double { whole.upperBound - whole.lowerBound }

  /// How many times the axis is magnified.
  var magnification: Double { wholeWidth / max(width, least) }

  /// nil where all of the axis is visible.
  var choice: ClosedRange<Double>? { magnification <= 1.000_001 ? nil : visible }

  /// Magnifies by `factor`; what stands at `x` stays where it is.
  mutating func zoom(by factor: Double, around x: Double) {
    let center = min(max(x, visible.lowerBound), visible.upperBound)
    let fraction = width > 0 ? (center - visible.lowerBound) / width : 0.5
    set(from: center - fraction * width / factor, width: width / factor)
  }

  /// Moves by a fraction of what is visible, to the right where it is positive.
  mutating func pan(by fraction: Double) {
    set(from: visible.lowerBound + fraction * width, width: width)
  }

  /// Moves as little as need be, so that `x` is visible.
  mutating func show(_ x: Double) {
    if x < visible.lowerBound { set(from: x, width: width) }
    if x > visible.upperBound { set(from: x - width, width: width) }
  }

  private mutating func set(from low: Double, width: Double) {
    let width = min(max(width, least), wholeWidth)
    let low = min(max(low, whole.lowerBound), whole.upperBound - width)
    visible = low...(low + width)
  }
}
