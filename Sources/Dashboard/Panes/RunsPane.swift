import Cells
import EventLog

/// All runs: the active ones first, then the newest.
struct RunsPane {
  private let state: State

  init(_ state: State) { self.state = state }

  /// The run in a row of the pane's inside.
  func run(atRow row: Int, height: Int) -> Int? {
    let visible = Table.visibleRows(height: height, hasFooter: false)
    let index = offset(visible: visible) + row - 1
    return row >= 1 && row <= visible && state.runs.entries.indices.contains(index) ? index : nil
  }

  private func offset(visible: Int) -> Int {
    max(0, min(state.runs.selected - visible / 2, state.runs.entries.count - visible))
  }

  func draw(on canvas: Canvas) {
    let theme = canvas.theme
    let isFocused = state.focus == .runs
    let entries = state.runs.entries
    let inner = Panel(
      Pane.runs.title, number: Pane.runs.rawValue,
      trailing: entries.isEmpty ? [] : [Span("\(entries.count)")], isFocused: isFocused
    ).draw(on: canvas)
    let visible = Table.visibleRows(height: inner.height, hasFooter: false)
    Table(
      columns: [
        Table.Column(""), Table.Column("experiment", minimumWidth: 12, isFlexible: true),
        Table.Column("run", dropOrder: 1),
        Table.Column("step", alignment: .trailing, dropOrder: 2),
        Table.Column("best", alignment: .trailing),
      ],
      rows: entries.map { entry in
        let mark = RunMark(entry, on: canvas)
        let isShown = entry.listing.path == state.runs.shown
        let accuracy = entry.history.series("accuracy/val")?.maximum
        return Table.Row([
          Span(String(mark.glyph), style: mark.style),
          Span(entry.listing.experiment, style: isShown ? theme.accent : theme.text),
          Span(Self.short(entry.listing.id), style: theme.muted),
          Span(NumberText.grouped(entry.history.lastStep), style: theme.muted),
          Span(accuracy.map { NumberText.percent($0.value) } ?? "", style: theme.text),
        ])
      },
      selected: isFocused ? state.runs.selected : nil, offset: offset(visible: visible),
      isFocused: isFocused, emptyText: "No run yet: t trains."
    ).draw(on: inner)
  }

  /// Month, day, hour and minute of an id that is a time, `20260921-133320`; any other as it is.
  static func short(_ id: String) -> String {
    let digits = id.filter(\.isWholeNumber)
    guard id.wholeMatch(of: /\d{8}-\d{6}/) != nil else { return id }
    let parts = [4, 6, 8, 10].map { start in digits.dropFirst(start).prefix(2) }
    return "\(parts[0])-\(parts[1]) \(parts[2]):\(parts[3])"
  }
}
