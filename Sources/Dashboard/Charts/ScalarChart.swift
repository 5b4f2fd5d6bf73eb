import Cells
import EventLog
import Foundation

/// A chart of some scalars over one or several runs.
struct ScalarChart {
  /// A scalar in a chart.
  struct Curve {
    var tag: String
    /// Its style while one run is shown; several runs are told apart by theirs.
    var style: Style
    /// Few and far between, so that each value has a mark.
    var mark: LineChart.PointMark?
    /// In the legend; nil for its tag, or of our own tags what the pane's title does not say.
    var name: String?
  }

  let curves: [Curve]
  /// The one that all else is said of comes first.
  let runs: [ChartRun]
  let options: ChartOptions
  var isLogarithmic: Bool
  /// It may have a logarithmic axis.
  var allowsLogarithm = true
  /// The values are fractions that are shown as percentages.
  var isPercent = false
  /// Which value is the best; nil where nobody can tell.
  var goal: Goal?
  var emptyText: String
  /// On the first run, to be marked.
  var verdicts: [Verdict] = []

  /// What a scalar is wanted to be.
  enum Goal { case least, greatest }

  /// The axis that is drawn: steps, where the shown run does not tell what is asked for.
  var axis: ChartAxis {
    runs.first.flatMap { AxisPlacing(options.axis, of: $0.entry) }?.axis ?? .step
  }

  /// A chart to draw, and the words for the title line: the most telling first.
  struct Drawing {
    var chart: LineChart
    var notes: [String]
  }

  /// - Parameter width: columns that it will be drawn in.
  func drawing(width: Int, appearance: Appearance) -> Drawing {
    let axis = axis
    var chart = LineChart(
      lines: [], xLabel: axis.label, xUnit: axis.unit, xEnd: xEnd(axis),
      isLogarithmic: isLogarithmic, leavesOutOutliers: !options.showsOutliers && !isPercent,
      isPercent: isPercent, emptyText: emptyText)
    let whole = wholeRange(axis)
    let visible = options.visible
    chart.xRange = visible ?? whole
    guard let range = chart.xRange else { return Drawing(chart: chart, notes: []) }
    chart.cursor = cursor(axis)
    chart.events = events(axis, theme: appearance.theme)

    var samples = Samples()
    for (index, run) in runs.enumerated() {
      guard let placing = AxisPlacing(axis, of: run.entry) else { continue }
      add(
        run, depth: index, placing, range, columns: width * 2, to: &chart, &samples,
        theme: appearance.theme)
    }
    if chart.lines.allSatisfy(\.points.isEmpty), !chart.lines.isEmpty {
      chart.emptyText = "nothing in this part of the axis; 0 shows all of it"
    }
    if let best = best(of: runs.first) {
      chart.note =
        "\(appearance.glyphs.markedPoint) best \(text(best.value)) at step "
        + NumberText.grouped(best.step)
    }
    return Drawing(
      chart: chart,
      notes: (linesOfEachRun(appearance.glyphs).map { [$0] } ?? [])
        + notes(chart, samples, whole: whole, visible: visible))
  }

  /// What the lines of a chart stand for.
  private struct Samples {
    var count = 0
    var nonFiniteCount = 0
    var isSummary = false
    var isSmoothed = false
  }

  /// Whether a logarithmic axis has a place for every value of the first run, and their range needs
  /// one.
  var suitsLogarithm: Bool {
    guard allowsLogarithm, !isPercent, let range else { return false }
    return range.lowerBound > 0
      && range.upperBound > ChartOptions.logarithmicFrom * range.lowerBound
  }

  /// Whether a logarithmic axis has a place for every value of the first run, or at least for some of what
  /// is wanted to be small.
  var canBeLogarithmic: Bool {
    guard allowsLogarithm, !isPercent, let range else { return false }
    return range.lowerBound > 0 || goal == .least && range.upperBound > 0
  }

  /// Of the first run's values; nil where it has none.
  private var range: ClosedRange<Double>? {
    guard let history = runs.first?.entry.history else { return nil }
    let series = curves.compactMap { history.series($0.tag) }
    guard let low = series.compactMap({ $0.minimum?.value }).min(),
      let high = series.compactMap({ $0.maximum?.value }).max()
    else { return nil }
    return low...high
  }

  // MARK: Lines

  private func add(
    _ run: ChartRun, depth: Int, _ placing: AxisPlacing, _ range: ClosedRange<Double>,
    columns: Int, to chart: inout LineChart, _ samples: inout Samples, theme: Theme
  ) {
    let history = run.entry.history
    var values: [String] = []
    var named: Int?
    for curve in curves {
      guard let series = history.series(curve.tag) else { continue }
      let value = reading(series, placing, chart.cursor).map { text($0.value) } ?? "–"
      let isFew = curve.mark != nil || series.count < ChartOptions.fewestToSmooth
      let smoothing = isFew ? 0 : options.smoothing
      let points = SeriesPoints(
        series, placing, in: range, columns: columns, smoothing: smoothing)
      samples.count += points.count
      samples.nonFiniteCount += points.nonFiniteCount
      samples.isSummary = samples.isSummary || points.isSummary
      let style = run.style ?? curve.style
      if smoothing > 0 {
        samples.isSmoothed = true
        chart.lines.append(
          LineChart.Line(
            name: nil, style: theme.faded(style), points: points.raw, depth: 1 + depth))
      }
      // Several runs have a name each in the legend, one run has its tags.
      let isNamed = run.style == nil || named == nil
      chart.lines.append(
        LineChart.Line(
          name: isNamed
            ? run.style == nil ? curve.name ?? Self.shortName(curve.tag) : run.name : nil,
          style: style, points: smoothing > 0 ? points.smoothed : points.raw,
          mark: curve.mark, latest: value, follows: smoothing > 0))
      values.append(value)
      if run.style != nil, named == nil { named = chart.lines.count - 1 }
    }
    if let named { chart.lines[named].latest = values.joined(separator: "/") }
    if let best = best(of: run) {
      chart.marks.append(
        LineChart.Mark(
          x: placing.x(best), y: best.value, style: run.style ?? bestStyle(run) ?? theme.emphasis))
    }
  }

  /// The latest value, or that at the cursor; nil where there is none so early.
  func reading(
    _ series: Series, _ placing: AxisPlacing, _ cursor: Double?
  ) -> (step: Int, value: Double)? {
    guard let cursor else { return series.latest.map { ($0.step, $0.value) } }
    return series.lastBucket { placing.x(step: $0.firstStep, wallTime: $0.lastWallTime) <= cursor }
      .map { ($0.lastStep, $0.count == 1 ? $0.last : $0.mean) }
  }

  // MARK: The best value

  /// The scalar that is judged: the last in the list that the run has, for validation comes after
  /// training.
  private func judged(_ run: ChartRun?) -> Curve? {
    guard goal != nil, let run else { return nil }
    let present = curves.filter { run.entry.history.series($0.tag) != nil }
    return present.last { $0.tag.hasSuffix("/val") } ?? present.last
  }

  private func best(of run: ChartRun?) -> Series.Sample? {
    guard let series = judged(run).flatMap({ run?.entry.history.series($0.tag) }) else {
      return nil
    }
    return goal == .least ? series.minimum : series.maximum
  }

  private func bestStyle(_ run: ChartRun) -> Style? { judged(run)?.style }

  // MARK: The axis

  /// From the first to the last event of all curves.
  func wholeRange(_ axis: ChartAxis) -> ClosedRange<Double>? {
    let xs = runs.flatMap { run -> [Double] in
      guard let placing = AxisPlacing(axis, of: run.entry) else { return [] }
      return curves.flatMap { curve -> [Double] in
        let series = run.entry.history.series(curve.tag)
        return [series?.first, series?.latest].compactMap { $0.map(placing.x) }
      }
    }
    return LineChart.xRange(spanning: xs, to: xEnd(axis))
  }

  /// Where the last step of a run at work will stand.
  private func xEnd(_ axis: ChartAxis) -> Double? {
    guard axis.countsSteps else { return nil }
    return runs.compactMap { run in
      guard run.entry.isActive, let total = run.entry.totalSteps else { return nil }
      return AxisPlacing(axis, of: run.entry)?.x(step: total, wallTime: 0)
    }.max()
  }

  /// x of the step that the cursor stands at.
  func cursor(_ axis: ChartAxis) -> Double? {
    guard let step = options.cursor, let run = runs.first,
      let placing = AxisPlacing(axis, of: run.entry)
    else { return nil }
    return placing.x(step: step, wallTime: run.entry.wallTime(atStep: step) ?? 0)
  }

  /// Where the first run was told something, and what the verdicts on it speak of.
  private func events(_ axis: ChartAxis, theme: Theme) -> [LineChart.Event] {
    guard let entry = runs.first?.entry, let placing = AxisPlacing(axis, of: entry) else {
      return []
    }
    return entry.history.remarks.map {
      LineChart.Event(x: placing.x(step: $0.step, wallTime: $0.wallTime), style: theme.accent)
    }
      + verdicts.map { verdict in
        let time = entry.wallTime(atStep: verdict.step) ?? 0
        return LineChart.Event(
          x: placing.x(step: verdict.step, wallTime: time),
          style: verdict.kind.isSevere ? theme.bad : theme.warning)
      }
  }

  // MARK: Words

  /// Several runs have a colour each for all their lines, and a value for each in the legend: in this
  /// order, with the mark by which a line of few values is known. nil where there is nothing to tell.
  private func linesOfEachRun(_ glyphs: Glyphs) -> String? {
    guard let first = runs.first, first.style != nil else { return nil }
    let present = curves.filter { first.entry.history.series($0.tag) != nil }
    guard present.count > 1 else { return nil }
    return present.map { curve in
      (curve.name ?? Self.shortName(curve.tag))
        + (curve.mark.map { " \($0.glyph(in: glyphs))" } ?? "")
    }.joined(separator: "/")
  }

  private func notes(
    _ chart: LineChart, _ samples: Samples, whole: ClosedRange<Double>?,
    visible: ClosedRange<Double>?
  ) -> [String] {
    guard !chart.lines.isEmpty else { return [] }
    var notes: [String] = []
    if let cursor = chart.cursor { notes.append("at \(axisText(cursor))") }
    let outliers = chart.outlierCount
    if outliers > 0 {
      // A column of dots may span several.
      let count = samples.isSummary ? "\(outliers)+" : "\(outliers)"
      notes.append("\(count) \(count == "1" ? "outlier" : "outliers")")
    }
    if samples.nonFiniteCount > 0 { notes.append("\(samples.nonFiniteCount) not finite") }
    let count = "\(NumberText.grouped(samples.count)) points"
    notes.append(samples.isSummary ? "min-max of \(count)" : count)
    if samples.isSmoothed {
      notes.append("smooth \(NumberText.trimmed(options.smoothing))")
    }
    if isLogarithmic { notes.append("log") }
    if let whole, let visible {
      let times = AxisWindow(whole: whole, visible: visible).magnification
      notes.append("zoom ×\(NumberText.trimmed(times, digits: 2))")
    }
    return notes
  }

  private func axisText(_ x: Double) -> String {
    switch axis {
    case .step: "step \(NumberText.grouped(x))"
    case .epoch: "epoch \(NumberText.fixed(x, decimals: 2))"
    case .samples: "\(NumberText.grouped(x)) images"
    case .macs: "\(NumberText.compact(x)) MACs"
    case .relative: NumberText.duration(seconds: x)
    case .wall: NumberText.clock(x, withSeconds: true)
    }
  }

  private func text(_ value: Double) -> String {
    isPercent ? NumberText.percent(value, decimals: 2) : NumberText.significant(value)
  }

  /// The title says the rest.
  private static func shortName(_ tag: String) -> String {
    for prefix in ["loss/", "accuracy/"] where tag.hasPrefix(prefix) {
      let rest = String(tag.dropFirst(prefix.count))
      if ["train", "val", "test"].contains(rest) { return rest }
    }
    return tag
  }
}

/// A run in a chart.
struct ChartRun {
  let entry: RunEntry
  /// What tells it from others; nil where it is alone.
  let style: Style?
  let name: String
}
