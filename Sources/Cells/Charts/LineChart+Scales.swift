import Foundation

/// Which values the axes of a chart span.
extension LineChart {
  /// From the first to the last x of all lines, and to `xEnd`; nil where there is no point.
  public var wholeXRange: ClosedRange<Double>? {
    Self.xRange(
      spanning: lines.flatMap { [$0.points.first?.x, $0.points.last?.x] }.compactMap { $0 },
      to: xEnd, isLogarithmic: isXLogarithmic)
  }

  /// From the least to the largest of `xs`, and to `end`; nil where there is none.
  public static func xRange(
    spanning xs: [Double], to end: Double?, isLogarithmic: Bool = false
  ) -> ClosedRange<Double>? {
    let xs = xs.filter { $0.isFinite && (!isLogarithmic || $0 > 0) }
    guard let low = xs.min(), let high = xs.max() else { return nil }
    let end = max(high, end ?? high)
    // Steps are counted from 1: the axis begins at 0.
    let start = !isLogarithmic && low >= 0 && low <= 0.1 * end ? 0 : low
    return start...(end > start ? end : start + 1)
  }

  var xScale: AxisScale? {
    guard let whole = wholeXRange else { return nil }
    if isXLogarithmic { return AxisScale(spanning: xRange ?? whole, isLogarithmic: true) }
    let range = xRange ?? whole
    return AxisScale(low: range.lowerBound, high: range.upperBound, isLogarithmic: false)
  }

  var yScale: AxisScale? {
    if let yRange {
      guard lines.contains(where: { !$0.points.isEmpty }) else { return nil }
      return AxisScale(
        low: yRange.lowerBound, high: yRange.upperBound, isLogarithmic: isLogarithmic)
    }
    let spread = leavesOutOutliers ? OutlierRule(spanned, isLogarithmic: isLogarithmic) : nil
    var low = Double.infinity
    var high = -Double.infinity
    func include(_ value: Double) {
      guard value.isFinite, !isLogarithmic || value > 0, spread?.isOutlier(value) != true else {
        return
      }
      low = min(low, value)
      high = max(high, value)
    }
    for line in spanned {
      for point in line.points {
        include(point.low)
        include(point.high)
      }
    }
    return AxisScale(spanning: low <= high ? low...high : nil, isLogarithmic: isLogarithmic)
  }

  private var spanned: [Line] { lines.filter { !$0.follows } }

  /// Points with a value above or below the y axis' range.
  public var outlierCount: Int {
    guard let yScale else { return 0 }
    return spanned.reduce(0) { count, line in
      count + line.points.count { $0.high > yScale.high || $0.low < yScale.low }
    }
  }
}

/// Tells the few values that lie far from all others: farther from the middle nine tenths of the
/// points than three times the width of these.
struct OutlierRule {
  private let range: ClosedRange<Double>

  /// Fewer points have no outlier.
  private static let fewest = 20
  private static let reach = 3.0

  /// nil where nothing is far off.
  init?(_ lines: [LineChart.Line], isLogarithmic: Bool) {
    var values = lines.flatMap { line in
      line.points.lazy.map(\.y).filter { $0.isFinite && (!isLogarithmic || $0 > 0) }
    }
    guard values.count >= Self.fewest else { return nil }
    values.sort()
    let low = values[values.count / 20]
    let high = values[values.count - 1 - values.count / 20]
    guard high > low else { return nil }
    if isLogarithmic {
      let factor = pow(high / low, Self.reach)
      range = low / factor...high * factor
    } else {
      let margin = Self.reach * (high - low)
      range = low - margin...high + margin
    }
  }

  func isOutlier(_ value: Double) -> Bool { !range.contains(value) }
}
