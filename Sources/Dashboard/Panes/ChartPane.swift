import Cells
import EventLog

/// A pane with one chart of the shown run's scalars.
struct ChartPane {
  let pane: Pane
  let state: State
  /// The tags that our own runs have, with their styles; marked ones are few and far between.
  let known: [(tag: String, style: KeyPath<Theme, Style>, isMarked: Bool)]
  /// What the tags of other logs contain.
  let foreignWords: [String]
  var isPercent = false
  let emptyText: String

  func draw(on canvas: Canvas) {
    let theme = canvas.theme
    let entry = state.runs.shownEntry
    let history = entry?.history ?? RunHistory()
    let tags = tags(of: history, theme: theme)
    let isOwn = tags.contains { tag, _, _ in known.contains { $0.tag == tag } }
    let title = isOwn || tags.isEmpty ? pane.title : tags.map(\.tag).joined(separator: ", ")
    let curves = ScalarCurves(
      history: history, smoothing: state.charts.smoothing, isLogarithmic: isLogarithmic,
      isPercent: isPercent && isOwn)
    let inner = state.panel(
      pane, title: title,
      trailing: curves.note(tags.map(\.tag)).map { tags.isEmpty ? [] : [Span($0)] } ?? []
    ).draw(on: canvas)
    LineChart(
      lines: curves.lines(tags, theme: theme), xLabel: "step",
      xEnd: entry?.isActive == true ? entry?.totalSteps.map(Double.init) : nil,
      isLogarithmic: isLogarithmic, isPercent: isPercent && isOwn,
      emptyText: entry == nil ? emptyText : "no \(pane.title) in this log yet"
    ).draw(on: inner.region(inner.bounds.insetHorizontally))
  }

  var isLogarithmic: Bool {
    guard !isPercent else { return false }
    if let isLogarithmic = state.charts.isLogarithmic { return isLogarithmic }
    let history = state.runs.shownEntry?.history ?? RunHistory()
    let series = tags(of: history, theme: state.appearance.theme).compactMap {
      history.series($0.tag)
    }
    guard let low = series.compactMap({ $0.minimum?.value }).min(), low > 0,
      let high = series.compactMap({ $0.maximum?.value }).max()
    else { return false }
    return high > ChartOptions.logarithmicFrom * low
  }

  private func tags(
    of history: RunHistory, theme: Theme
  ) -> [(tag: String, style: Style, isMarked: Bool)] {
    let own = known.filter { history.series($0.tag) != nil }
    if !own.isEmpty { return own.map { ($0.tag, theme[keyPath: $0.style], $0.isMarked) } }
    return ScalarCurves.foreignTags(history, about: foreignWords).enumerated().map {
      ($0.element, theme.series($0.offset), false)
    }
  }
}

extension Rect {
  /// Without the first and the last column.
  fileprivate var insetHorizontally: Rect { Rect(x: x + 1, y: y, width: width - 2, height: height) }
}
