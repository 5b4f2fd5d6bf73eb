import Cells
import EventLog
import Experiments

/// What of the comparison is shown.
struct CompareView: Sendable, Equatable {
  var comparison: Comparison
  /// First row of the table that is shown.
  var offset = 0
  var content = Content.differences

  enum Content: Sendable, Equatable {
    /// Curves, and the table of what differs.
    case differences
    /// Accuracies against costs.
    case scatter(ScatterAxis)
    /// The distribution of the errors.
    case errors

    static let all = [.differences] + ScatterAxis.allCases.map(Content.scatter) + [.errors]

    /// What follows, and after the last the first.
    var next: Content {
      let index = Self.all.firstIndex(of: self) ?? 0
      return Self.all[(index + 1) % Self.all.count]
    }
  }
}

/// Curves, and settings, metrics and layers that differ between networks or runs, over the whole
/// screen; or accuracies against costs; or the distribution of errors.
struct CompareScreen {
  let view: CompareView
  let state: State

  func draw(on canvas: Canvas) {
    let theme = canvas.theme
    let rect = Rect(x: 0, y: 1, width: canvas.width, height: canvas.height - 2)
    func draw(_ chart: LineChart, _ title: String) {
      let inner = Panel(title, trailing: [], isFocused: true).draw(on: canvas.region(rect))
      chart.draw(on: inner.region(Rect(x: 1, y: 0, width: inner.width - 2, height: inner.height)))
    }
    switch view.content {
    case .scatter(let axis):
      draw(
        RunScatter(state.scatteredRuns, axis: axis).chart(theme: theme),
        "best validation accuracy against \(axis.label)")
    case .errors:
      draw(
        RunErrors(state.scatteredRuns).chart(theme: theme),
        "share of the runs whose last validation error is no greater")
    case .differences:
      let parts = Self.parts(rect, hasCurves: hasCurves)
      if let curves = parts.curves { drawCurves(on: canvas.region(curves)) }
      drawTable(on: canvas.region(parts.table))
    }
    canvas.fill(
      Rect(x: 0, y: canvas.height - 1, width: canvas.width, height: 1), style: theme.ground)
    KeyBar(state.hints).draw(
      on: canvas.region(Rect(x: 0, y: canvas.height - 1, width: canvas.width, height: 1)))
  }

  // MARK: Curves

  private var hasCurves: Bool { state.comparedRuns.count > 1 }

  private static func parts(_ rect: Rect, hasCurves: Bool) -> (curves: Rect?, table: Rect) {
    guard hasCurves, rect.height >= 28 else { return (nil, rect) }
    let rows = rect.rows([.proportion(2), .proportion(3)])
    return (rows[0], rows[1])
  }

  private func drawCurves(on canvas: Canvas) {
    let halves = canvas.bounds.columns([.proportion(1), .proportion(1)])
    var overlaid = state
    overlaid.runs.overlay(state.comparedRuns.map(\.listing.path))
    for (half, pane) in zip(halves, [ChartPane.loss(overlaid), .accuracy(overlaid)]) {
      let drawing = pane.chart.drawing(width: half.width - 4, appearance: canvas.appearance)
      let inner = Panel(pane.pane.title, trailing: drawing.notes.map { Span($0) })
        .draw(on: canvas.region(half))
      drawing.chart.draw(
        on: inner.region(Rect(x: 1, y: 0, width: inner.width - 2, height: inner.height)))
    }
  }

  // MARK: Table

  /// Columns of the keys, and least of a run's values.
  private static let (keyWidth, leastWidth) = (21, 10)

  /// What all have in common is not here: a heading for each part, then its rows.
  private static func rows(
    _ comparison: Comparison
  ) -> [(title: String?, cells: [String])] {
    let hasChange = comparison.names.count == 2
    func part<Value>(
      _ title: String, _ rows: [Comparison.Row<Value>], change: (Comparison.Row<Value>) -> String,
      text: (_ key: String, Value) -> String
    ) -> [(title: String?, cells: [String])] {
      guard !rows.isEmpty else { return [] }
      return [(title, [])]
        + rows.map { row in
          (
            nil,
            [row.key.trimmingPrefix("network.").description]
              + row.values.map { $0.map { text(row.key, $0) } ?? "–" }
              + (hasChange ? [change(row)] : [])
          )
        }
    }
    return part("settings", comparison.settings, change: { _ in "" }, text: { $1 })
      + part(
        "metrics", comparison.metrics,
        change: { ComparisonText.change(of: $0.key, from: $0.values[0], to: $0.values[1]) },
        text: ComparisonText.metric)
      + part("layers", comparison.layers, change: { _ in "" }, text: { ComparisonText.layer($1) })
  }

  /// The last offset at which the table is full.
  static func lastOffset(_ view: CompareView, in state: State) -> Int {
    let screen = Rect(
      x: 0, y: 1, width: state.size.width, height: state.size.height - 2)
    let table = parts(screen, hasCurves: state.comparedRuns.count > 1).table
    let visible = Table.visibleRows(height: table.height - 2, hasFooter: false)
    return max(0, rows(view.comparison).count - visible)
  }

  private func drawTable(on canvas: Canvas) {
    let theme = canvas.theme
    let comparison = view.comparison
    // Of runs that are too many for the width the first are shown.
    let room = max(1, (canvas.width - 5 - Self.keyWidth) / (Self.leastWidth + 2))
    let count = min(comparison.names.count, room)
    let inner = Panel(
      "compare",
      trailing: count < comparison.names.count
        ? [Span("\(count) of \(comparison.names.count) have room", style: theme.warning)] : [],
      isFocused: true
    ).draw(on: canvas)
    let hasChange = comparison.names.count == 2 && count == 2
    let isColored = hasCurves && state.comparedRuns.count == comparison.names.count
    var table = Table(
      columns: [Table.Column("", minimumWidth: Self.keyWidth, isFlexible: true)]
        + comparison.names.prefix(count).enumerated().map { index, name in
          // In the colours of the curves above.
          var column = Table.Column(
            name, titleStyle: isColored ? theme.series(index) : nil, alignment: .trailing,
            minimumWidth: Self.leastWidth, isFlexible: true)
          // Runs of one experiment differ at the end of their names.
          column.keepsEnds = true
          return column
        } + (hasChange ? [Table.Column("change", alignment: .trailing)] : []),
      rows: Self.rows(comparison).map { row in
        if let title = row.title { return Table.Row([Span(title, style: theme.header)]) }
        return Table.Row(
          row.cells.enumerated().map { index, cell in
            Span(cell, style: index == 0 ? theme.muted : theme.text)
          })
      },
      offset: view.offset, isFocused: true, emptyText: "No difference.")
    table.fillsWidth = false
    table.draw(on: inner.region(Rect(x: 1, y: 0, width: inner.width - 2, height: inner.height)))
  }
}

extension State {
  /// Most runs that are compared without having been marked.
  private static let unmarkedLimit = 8

  private var markedEntries: [RunEntry] {
    runs.marked.compactMap { path in runs.entries.first { $0.listing.path == path } }
  }

  /// The marked runs. Where nothing is composed and fewer than two are marked, the first of the table.
  var comparedEntries: [RunEntry] {
    let marked = markedEntries
    guard role != .session, marked.count < 2 else { return marked }
    let all = RunRows(self).order.map { runs.entries[$0] }
    return all.count > 1 ? Array(all.prefix(Self.unmarkedLimit)) : marked
  }

  /// Those of them that have curves.
  var comparedRuns: [RunEntry] { comparedEntries.filter { !$0.history.tags.isEmpty } }

  /// The marked runs; all that the table shows where fewer than two are.
  var scatteredRuns: [RunEntry] {
    let marked = markedEntries.filter { !$0.history.tags.isEmpty }
    return marked.count > 1 ? marked : RunRows(self).order.map { runs.entries[$0] }
  }
}
