import Cells
import EventLog

/// Makes chart lines of a run's scalars.
struct ScalarCurves {
  let history: RunHistory
  /// Weight of the past in the smoothed curves; 0 for none.
  let smoothing: Double
  let isLogarithmic: Bool
  /// The values are fractions that the legend shows as percentages.
  let isPercent: Bool

  /// The training curve, raw behind smoothed, and the marked points of the others.
  func lines(_ tags: [(tag: String, style: Style, isMarked: Bool)], theme: Theme)
    -> [LineChart.Line]
  {
    tags.flatMap { tag, style, isMarked -> [LineChart.Line] in
      guard let series = history.series(tag), let latest = series.latest else { return [] }
      let points = Self.points(series)
      let value =
        isPercent
        ? NumberText.percent(latest.value, decimals: 2) : NumberText.significant(latest.value)
      // The pane's title says the rest of our own tags.
      let name = Self.shortName(tag)
      guard !isMarked, smoothing > 0, points.count > 2 else {
        return [
          LineChart.Line(
            name: name, style: style, points: points, isMarked: isMarked, latest: value)
        ]
      }
      return [
        LineChart.Line(name: nil, style: theme.faded(style), points: points),
        LineChart.Line(
          name: name, style: style, points: Self.smoothed(points, weight: smoothing),
          latest: value),
      ]
    }
  }

  /// What the legend says about how the curves were made.
  func note(_ tags: [String]) -> String? {
    var parts: [String] = []
    if tags.contains(where: { history.series($0)?.isDecimated == true }) { parts.append("min-max") }
    if smoothing > 0 {
      parts.append("smooth \(NumberText.fixed(smoothing, decimals: 1))")
    }
    if isLogarithmic { parts.append("log") }
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }

  private static func shortName(_ tag: String) -> String {
    for prefix in ["loss/", "accuracy/"] where tag.hasPrefix(prefix) {
      let rest = String(tag.dropFirst(prefix.count))
      if ["train", "val", "test"].contains(rest) { return rest }
    }
    return tag
  }

  static func points(_ series: Series) -> [LineChart.Point] {
    series.buckets.map { bucket in
      LineChart.Point(
        x: Double(bucket.lastStep), y: bucket.mean, low: bucket.minimum, high: bucket.maximum,
        hasGap: bucket.nonFiniteCount > 0)
    }
  }

  /// Exponential moving average with TensorBoard's correction for the missing past.
  static func smoothed(_ points: [LineChart.Point], weight: Double) -> [LineChart.Point] {
    var average = 0.0
    var correction = 1.0
    return points.map { point in
      guard point.y.isFinite else { return point }
      average = average * weight + (1 - weight) * point.y
      correction *= weight
      let value = average / (1 - correction)
      return LineChart.Point(x: point.x, y: value)
    }
  }

  /// Tags of a log that is not our own: those whose last part speaks of `words`.
  static func foreignTags(_ history: RunHistory, about words: [String]) -> [String] {
    Array(
      history.tags.filter { tag in words.contains { tag.lowercased().contains($0) } }.prefix(4))
  }
}
