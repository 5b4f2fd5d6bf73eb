import Cells
import EventLog

/// All runs: the active ones first, then the newest.
struct RunsPane {
  private let state: State

  init(_ state: State) { self.state = state }

  /// The run in a row of the pane's inside.
  func run(atRow row: Int, in size: Size) -> Int? {
    let visible = Table.visibleRows(height: size.height, hasFooter: false)
    let index = firstRow(in: size) + row - 1
    return row >= 1 && row <= visible && state.runs.entries.indices.contains(index) ? index : nil
  }

  /// The first run that is shown in a pane whose inside has `size`.
  func firstRow(in size: Size) -> Int {
    Table.offset(
      state.scroll[.runs] ?? 0, showing: state.runs.selected, of: state.runs.entries.count,
      visible: Table.visibleRows(height: size.height, hasFooter: false))
  }

  func draw(on canvas: Canvas) {
    let theme = canvas.theme
    let isFocused = state.focus == .runs
    let entries = state.runs.entries
    let times = Self.times(of: entries.map(\.listing.id))
    let inner = state.panel(
      .runs, trailing: entries.isEmpty ? [] : [Span("\(entries.count)")]
    ).draw(on: canvas)
    Table(
      columns: [
        Table.Column(""),
        Table.Column("experiment", minimumWidth: 11, isFlexible: true),
        Table.Column("run", dropOrder: 2),
        Table.Column("step", alignment: .trailing, dropOrder: 3),
        Table.Column("best", alignment: .trailing),
      ],
      rows: entries.map { entry in
        let mark = RunMark(entry, on: canvas)
        let isShown = entry.listing.path == state.runs.shown
        let accuracy = entry.history.series("accuracy/val")?.maximum
        return Table.Row([
          state.runs.marked.contains(entry.listing.path)
            ? Span(String(canvas.glyphs.checked), style: theme.accent)
            : Span(String(mark.glyph), style: mark.style),
          Span(entry.listing.experiment, style: isShown ? theme.accent : theme.text),
          Span(times[entry.listing.id] ?? entry.listing.id, style: theme.muted),
          Span(NumberText.grouped(entry.history.lastStep), style: theme.muted),
          Span(accuracy.map { NumberText.percent($0.value) } ?? "", style: theme.text),
        ])
      },
      selected: isFocused ? state.runs.selected : nil, offset: firstRow(in: inner.size),
      isFocused: isFocused, emptyText: "No run yet: t trains."
    ).draw(on: inner)
  }

  /// How ids that are times are shown, as `20260921-133320` is: by month, day, hour and minute, or
  /// where that is not enough to tell two apart, by day, hour, minute and second.
  static func times(of ids: [String]) -> [String: String] {
    let times = ids.filter { $0.wholeMatch(of: /\d{8}-\d{6}/) != nil }
    let minutes = Dictionary(grouping: Set(times)) { $0.prefix(13) }
    return Dictionary(
      Set(times).map { id in
        let digits = Array(id.filter(\.isWholeNumber))
        let parts = stride(from: 0, to: 14, by: 2).map { String(digits[$0...$0 + 1]) }
        let isAlone = minutes[id.prefix(13)]?.count == 1
        return (
          id,
          isAlone
            ? "\(parts[2])-\(parts[3]) \(parts[4]):\(parts[5])"
            : "\(parts[3]) \(parts[4]):\(parts[5]):\(parts[6])"
        )
      }, uniquingKeysWith: { first, _ in first })
  }
}
