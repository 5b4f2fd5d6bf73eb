import Cells
import EventLog
import Experiments

/// All runs: the active ones first, then the newest, unless the user has them sorted.
struct RunsPane {
  private let state: State

  init(_ state: State) { self.state = state }

  /// The run in a row of the pane's inside, as an index of the list's entries.
  func run(atRow row: Int, in size: Size) -> Int? {
    let rows = RunRows(state)
    let visible = Table.visibleRows(height: size.height, hasFooter: false)
    let position = firstRow(in: size) + row - 1
    guard row >= 1, row <= visible, rows.order.indices.contains(position) else { return nil }
    return rows.order[position]
  }

  /// The first position that is shown in a pane whose inside has `size`.
  func firstRow(in size: Size) -> Int {
    let rows = RunRows(state)
    return Table.offset(
      state.scroll[.runs] ?? 0, showing: rows.position(of: state.runs.selected),
      of: rows.order.count,
      visible: Table.visibleRows(height: size.height, hasFooter: false))
  }

  /// Columns from which on all that is known of a run is shown.
  private static let wide = 60

  func draw(on canvas: Canvas) {
    let isFocused = state.focus == .runs
    let entries = state.runs.entries
    let rows = RunRows(state)
    let inner = state.panel(.runs, trailing: notes(rows, theme: canvas.theme)).draw(on: canvas)
    // A narrow pane has the columns that tell runs apart; the others come where there is room.
    let hasIDs = rows.order.contains { !entries[$0].listing.id.isEmpty }
    let columns = RunColumn.allCases.filter { column in
      (column != .run || hasIDs) && inner.width >= Self.wide
        || (hasIDs
          ? [.state, .experiment, .run, .best] : [.state, .experiment, .step, .best])
          .contains(column)
    }
    let times = Self.times(of: rows.order.map { entries[$0].listing.id })
    let marks = canvas.glyphs
    Table(
      columns: columns.map { column in
        var title = column.title
        if state.runView.sort == column {
          title += String(state.runView.isDescending ? marks.descending : marks.ascending)
        }
        let isText = [.state, .experiment, .run, .note].contains(column)
        // Both names are cut before either is left out.
        let isCut = column == .experiment || column == .run && inner.width < Self.wide
        var shown = Table.Column(
          title, alignment: isText ? .leading : .trailing, minimumWidth: isCut ? 9 : 1,
          isFlexible: isCut || column == .note, dropOrder: column.dropOrder)
        shown.keepsEnds = column == .run
        return shown
      },
      rows: rows.order.map { index in
        Table.Row(columns.map { cell($0, entries[index], times: times, on: canvas) })
      },
      selected: isFocused && !rows.order.isEmpty ? rows.position(of: state.runs.selected) : nil,
      offset: firstRow(in: inner.size), isFocused: isFocused, emptyText: emptyText
    ).draw(on: inner)
  }

  private var emptyText: String {
    if !state.runs.entries.isEmpty {
      guard let filter = state.filters[.runs] else { return "All runs are hidden: A shows them." }
      let unknown = RunQuery(filter).unknownNames(in: state.runs.entries)
      return unknown.isEmpty
        ? "No run matches; esc shows all."
        : "No run has \(unknown.joined(separator: " or ")); esc shows all."
    }
    return "No run yet. " + state.invitation
  }

  private func notes(_ rows: RunRows, theme: Theme) -> [Span] {
    let count = state.runs.entries.count
    guard count > 0 else { return [] }
    let shown = rows.order.count
    var notes = [Span(shown == count ? "\(count)" : "\(shown) of \(count)")]
    if let filter = state.filters[.runs] {
      notes.append(Span("/\(filter)", style: theme.warning))
    }
    return notes
  }

  private func cell(
    _ column: RunColumn, _ entry: RunEntry, times: [String: String], on canvas: Canvas
  ) -> Span {
    let theme = canvas.theme
    let path = entry.listing.path
    func percent(_ value: Double?) -> Span {
      Span(value.map { NumberText.percent($0) } ?? "", style: theme.text)
    }
    func compact(_ value: Double?) -> Span {
      Span(value.map { NumberText.compact($0) } ?? "", style: theme.muted)
    }
    switch column {
    case .state:
      if let index = state.runs.marked.firstIndex(of: path) {
        // As its curves are drawn.
        let style = state.chartStyle(of: path) ?? theme.series(index)
        return Span(String(canvas.glyphs.checked), style: style)
      }
      let mark = RunMark(entry, on: canvas)
      return Span(String(mark.glyph), style: mark.style)
    case .experiment:
      let isHidden = state.runView.hidden.contains(path)
      return Span(
        (state.runs.baseline == path ? "\(canvas.glyphs.changed) " : "") + entry.text(.experiment),
        style: path == state.runs.shown ? theme.accent : isHidden ? theme.faint : theme.text)
    case .run: return Span(times[entry.listing.id] ?? entry.listing.id, style: theme.muted)
    case .epoch: return Span(entry.epoch.map { "\($0)" } ?? "", style: theme.muted)
    case .step: return Span(NumberText.grouped(entry.history.lastStep), style: theme.muted)
    case .best: return best(entry, theme: theme) ?? percent(entry.number(.best))
    case .accuracy: return percent(entry.number(.accuracy))
    case .loss:
      return Span(
        entry.number(.loss).map { NumberText.significant($0) } ?? "", style: theme.text)
    case .parameters, .macs: return compact(entry.number(column))
    case .time:
      return Span(
        entry.seconds.map { NumberText.duration(seconds: $0) } ?? "", style: theme.muted)
    case .note: return Span(entry.note ?? "", style: theme.muted)
    }
  }

  /// The best accuracy against that of the baseline, if there is one.
  private func best(_ entry: RunEntry, theme: Theme) -> Span? {
    guard let baseline = state.runs.baseline, baseline != entry.listing.path,
      let reference = state.runs.entries.first(where: { $0.listing.path == baseline })?
        .number(.best),
      let value = entry.number(.best)
    else { return nil }
    let points = (value - reference) * 100
    let text = (points >= 0 ? "+" : "") + NumberText.fixed(points, decimals: 1)
    return Span(text, style: points >= 0 ? theme.good : theme.bad)
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
