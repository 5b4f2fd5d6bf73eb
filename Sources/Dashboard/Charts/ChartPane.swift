import Cells
import EventLog

/// A pane with one chart of the scalars of the runs that are shown.
struct ChartPane {
  let pane: Pane
  let state: State
  /// The tags that our own runs have, with their styles; those with a mark are few and far between.
  let known: [(tag: String, style: KeyPath<Theme, Style>, mark: LineChart.PointMark?)]
  /// What the tags of other logs contain.
  let foreignWords: [String]
  var isPercent = false
  let goal: ScalarChart.Goal
  let emptyText: String

  func draw(on canvas: Canvas) {
    let chart = chart
    let isOwn = isOwn
    let drawing = chart.drawing(width: canvas.width - 4, appearance: canvas.appearance)
    let title =
      isOwn || chart.curves.isEmpty
      ? pane.title : chart.curves.map(\.tag).joined(separator: ", ")
    let inner = state.panel(
      pane, title: title, trailing: drawing.notes.map { Span($0) }
    ).draw(on: canvas)
    drawing.chart.draw(
      on: inner.region(Rect(x: 1, y: 0, width: inner.width - 2, height: inner.height)))
  }

  /// What is drawn.
  var chart: ScalarChart {
    var chart = ScalarChart(
      curves: curves, runs: state.chartRuns, options: state.charts, isLogarithmic: false,
      isPercent: isPercent && isOwn, goal: goal,
      emptyText: state.runs.shownEntry == nil
        ? "\(emptyText)\n\(state.invitation)" : "no \(pane.title) in this log yet")
    chart.verdicts = state.runs.shownEntry?.verdicts ?? []
    chart.allowsLogarithm = !isPercent
    // As the user said, or else as the data need it.
    chart.isLogarithmic =
      state.charts.isLogarithmic.map { $0 && chart.canBeLogarithmic } ?? chart.suitsLogarithm
    return chart
  }

  private var history: RunHistory { state.runs.shownEntry?.history ?? RunHistory() }

  /// The shown run has the tags that our own runs have.
  private var isOwn: Bool { known.contains { history.series($0.tag) != nil } }

  private var curves: [ScalarChart.Curve] {
    let theme = state.appearance.theme
    if isOwn {
      return known.map {
        ScalarChart.Curve(tag: $0.tag, style: theme[keyPath: $0.style], mark: $0.mark)
      }
    }
    return foreignTags.enumerated().map {
      ScalarChart.Curve(tag: $0.element, style: theme.series($0.offset))
    }
  }

  /// Tags of a log that is not our own: those that speak of `foreignWords`.
  private var foreignTags: [String] {
    Array(
      history.tags.filter { tag in
        let tag = tag.lowercased()
        return foreignWords.contains { tag.contains($0) }
      }.prefix(4))
  }
}

extension State {
  /// The runs in every chart, each with what tells it from the others.
  var chartRuns: [ChartRun] {
    let entries = runs.charted
    guard entries.count > 1 else {
      return entries.map { ChartRun(entry: $0, style: nil, name: $0.listing.experiment) }
    }
    let names = RunNames(entries)
    return entries.enumerated().map { index, entry in
      ChartRun(
        entry: entry, style: appearance.theme.series(index), name: names.name(of: entry.listing))
    }
  }
}

/// Short names for some runs: of the experiment where that tells it, of the run where all are of one
/// experiment, else of both.
struct RunNames {
  private let counts: [String: Int]

  init(_ entries: [RunEntry]) {
    counts = entries.reduce(into: [:]) { $0[$1.listing.experiment, default: 0] += 1 }
  }

  func name(of listing: RunListing) -> String {
    if counts[listing.experiment] == 1 { return listing.experiment }
    return counts.count == 1 ? listing.id : listing.name
  }

  /// What runs of different seeds have in common.
  func groupName(of listing: RunListing) -> String {
    var group = listing
    group.id = listing.idWithoutSeed
    return counts.count == 1 && !group.id.isEmpty ? group.id : group.name
  }
}
