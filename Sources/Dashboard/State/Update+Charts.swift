import Cells
import EventLog

/// What the charts' keys do to the state.
extension State {
  /// The chart that the charts' keys speak of: the loss, unless another has the focus.
  var focusedChart: ScalarChart {
    switch focus {
    case .accuracy: ChartPane.accuracy(self).chart
    case .scalars: ScalarsPane(self).selectedChart
    default: ChartPane.loss(self).chart
    }
  }

  /// What of the charts' axis is shown; nil where there is nothing to show.
  var axisWindow: AxisWindow? {
    let chart = focusedChart
    return chart.wholeRange(chart.axis).map { AxisWindow(whole: $0, visible: charts.visible) }
  }

  mutating func cycleAxis() {
    guard let entry = runs.shownEntry else { return }
    let all = ChartAxis.allCases
    let possible = all.filter { AxisPlacing($0, of: entry) != nil }
    let index = possible.firstIndex(of: charts.axis) ?? 0
    charts.axis = possible[(index + 1) % possible.count]
    charts.visible = nil
  }

  mutating func cycleSmoothing() {
    let all = ChartOptions.smoothings
    let index = all.firstIndex(of: charts.smoothing) ?? 0
    charts.smoothing = all[(index + 1) % all.count]
  }

  /// Magnifies the axis around the cursor, or around the last step where there is none.
  mutating func zoomCharts(by factor: Double) {
    changeWindow { window, center in
      window.zoom(by: factor, around: center ?? window.visible.upperBound)
    }
  }

  mutating func panCharts(by fraction: Double) {
    changeWindow { window, _ in window.pan(by: fraction) }
  }

  private mutating func changeWindow(_ change: (inout AxisWindow, _ center: Double?) -> Void) {
    guard var window = axisWindow else { return }
    change(&window, position(ofStep: charts.cursor ?? runs.shownEntry?.clockSeries?.latest?.step))
    charts.visible = window.choice
  }

  mutating func showWholeAxis() {
    charts.visible = nil
    charts.cursor = nil
  }

  /// Moves the cursor by hundredths of what is visible; it appears at the last step.
  mutating func moveCursor(by hundredths: Int) {
    guard let window = axisWindow, let series = runs.shownEntry?.clockSeries,
      let first = series.first, let last = series.latest
    else { return }
    guard let cursor = charts.cursor else {
      charts.cursor = hundredths < -Self.farEnough ? first.step : last.step
      return reveal(window)
    }
    let visible = window.visible.upperBound - window.visible.lowerBound
    let share = visible / (window.whole.upperBound - window.whole.lowerBound)
    let steps = share * Double(last.step - first.step) * Double(hundredths) / 100
    let least = hundredths < 0 ? min(-1, steps) : max(1, steps)
    // Clamped as a `Double`, which may be far beyond what an `Int` holds.
    let target = max(Double(first.step), min(Double(cursor) + least, Double(last.step)))
    charts.cursor = target.isFinite ? Int(target.rounded()) : cursor
    reveal(window)
  }

  /// Puts the cursor at a step, as near as the log has one.
  mutating func placeCursor(atStep step: Int) {
    guard let window = axisWindow, let series = runs.shownEntry?.clockSeries,
      let first = series.first, let last = series.latest
    else { return }
    charts.cursor = step.clamped(to: first.step...max(first.step, last.step))
    reveal(window)
  }

  /// More hundredths than any but the keys for the first and the last step ask for.
  private static let farEnough = 1000

  /// Puts the cursor where the pointer is, in the focused chart, which is drawn in `rect`.
  mutating func placeCursor(at point: Point, in rect: Rect) {
    guard let window = axisWindow, let entry = runs.shownEntry,
      let placing = AxisPlacing(focusedChart.axis, of: entry), let series = entry.clockSeries
    else { return }
    let chart = focusedChart.drawing(width: rect.width, appearance: appearance).chart
    guard let fraction = chart.fraction(ofColumn: point.x - rect.x, in: rect.size) else { return }
    let visible = window.visible
    let x = visible.lowerBound + fraction * (visible.upperBound - visible.lowerBound)
    let bucket = series.lastBucket { placing.x(step: $0.lastStep, wallTime: $0.lastWallTime) <= x }
    charts.cursor = bucket?.lastStep ?? series.first?.step
  }

  /// x of a step on the charts' axis.
  private func position(ofStep step: Int?) -> Double? {
    guard let step, let entry = runs.shownEntry,
      let placing = AxisPlacing(focusedChart.axis, of: entry)
    else { return nil }
    return placing.x(step: step, wallTime: entry.wallTime(atStep: step) ?? 0)
  }

  /// Pans so that the cursor is visible.
  private mutating func reveal(_ window: AxisWindow) {
    guard charts.visible != nil, let position = position(ofStep: charts.cursor) else { return }
    var window = window
    window.show(position)
    charts.visible = window.choice
  }

  // MARK: Scalars

  /// Selects the chart `count` further on.
  mutating func moveChart(by count: Int) {
    let tags = ScalarsPane(self).tags
    guard !tags.isEmpty else { return }
    // Clamped first: far beyond the end is the end.
    scalars.select(scalars.selected + count.clamped(to: -tags.count...tags.count), of: tags)
    if scalars.opened != nil { scalars.opened = tags[scalars.selected] }
  }

  /// Gives the selected chart the pane for itself, or shows all again.
  mutating func toggleChart() {
    let tags = ScalarsPane(self).tags
    let isOpen = scalars.opened != nil
    scalars.opened =
      isOpen || !tags.indices.contains(scalars.selected) ? nil : tags[scalars.selected]
  }

  /// Selects the chart under the pointer, and puts the cursor there.
  mutating func clickChart(at point: Point, in inner: Rect) {
    let position = Point(x: point.x - inner.x, y: point.y - inner.y)
    guard let (index, rect) = ScalarsPane(self).chart(at: position, in: inner.size) else { return }
    scalars.select(index, of: ScalarsPane(self).tags)
    let margin = scalars.opened == nil ? 0 : 1
    placeCursor(
      at: position,
      in: Rect(
        x: rect.x + margin, y: rect.y + 1 - margin, width: rect.width - 2 * margin,
        height: rect.height - 1 + margin))
  }
}
