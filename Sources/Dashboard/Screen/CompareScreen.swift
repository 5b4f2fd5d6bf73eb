import Cells
import Experiments

/// Settings, metrics and layers that differ between networks or runs, over the whole screen.
struct CompareScreen {
  let comparison: Comparison
  /// First row that is shown.
  let offset: Int
  let hints: [KeyBar.Hint]

  /// What all have in common is not here: a heading for each part, then its rows.
  private var rows: [(title: String?, cells: [String])] {
    let hasChange = comparison.names.count == 2
    func part<Value>(
      _ title: String, _ rows: [Comparison.Row<Value>], change: (Comparison.Row<Value>) -> String,
      text: (Value) -> String
    ) -> [(title: String?, cells: [String])] {
      guard !rows.isEmpty else { return [] }
      return [(title, [])]
        + rows.map { row in
          (
            nil,
            [row.key.trimmingPrefix("network.").description]
              + row.values.map { $0.map(text) ?? "–" } + (hasChange ? [change(row)] : [])
          )
        }
    }
    return part("settings", comparison.settings, change: { _ in "" }, text: { $0 })
      + part(
        "metrics", comparison.metrics,
        change: { ComparisonText.change(from: $0.values[0], to: $0.values[1]) },
        text: ComparisonText.metric)
      + part("layers", comparison.layers, change: { _ in "" }, text: ComparisonText.layer)
  }

  /// The last offset at which the screen is full.
  static func lastOffset(_ comparison: Comparison, in size: Size) -> Int {
    let screen = CompareScreen(comparison: comparison, offset: 0, hints: [])
    return max(0, screen.rows.count - Table.visibleRows(height: size.height - 4, hasFooter: false))
  }

  func draw(on canvas: Canvas) {
    let theme = canvas.theme
    let rect = Rect(x: 0, y: 1, width: canvas.width, height: canvas.height - 2)
    let inner = Panel("compare", trailing: [], isFocused: true).draw(on: canvas.region(rect))
    let hasChange = comparison.names.count == 2
    var table = Table(
      columns: [Table.Column("", minimumWidth: 18, isFlexible: true)]
        + comparison.names.map {
          Table.Column($0, alignment: .trailing, minimumWidth: 10, isFlexible: true)
        } + (hasChange ? [Table.Column("change", alignment: .trailing)] : []),
      rows: rows.map { row in
        if let title = row.title { return Table.Row([Span(title, style: theme.header)]) }
        return Table.Row(
          row.cells.enumerated().map { index, cell in
            Span(cell, style: index == 0 ? theme.muted : theme.text)
          })
      },
      offset: offset, isFocused: true, emptyText: "No difference.")
    table.fillsWidth = false
    table.draw(on: inner.region(Rect(x: 1, y: 0, width: inner.width - 2, height: inner.height)))
    canvas.fill(
      Rect(x: 0, y: canvas.height - 1, width: canvas.width, height: 1), style: theme.ground)
    KeyBar(hints).draw(
      on: canvas.region(Rect(x: 0, y: canvas.height - 1, width: canvas.width, height: 1)))
  }
}
