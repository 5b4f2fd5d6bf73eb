import Architecture
import Cells
import EventLog

/// The layer table: of the draft while it is being composed, else of the run that is shown.
struct LayersPane {
  private let state: State

  init(_ state: State) { self.state = state }

  /// What of the pane's inside the table has, and what stands around it.
  private struct Parts {
    var strip: Rect?
    var table: Rect
    var sparklines: Rect?

    init(_ size: Size, hasRecords: Bool) {
      let hasStrip = size.height >= 20
      let hasSparklines = hasRecords && size.height >= 8
      let rows = Rect(size: size).rows([
        .fixed(hasStrip ? 1 : 0), .minimum(0), .fixed(hasSparklines ? 1 : 0),
      ])
      strip = hasStrip ? rows[0] : nil
      table = rows[1]
      sparklines = hasSparklines ? rows[2] : nil
    }
  }

  private func parts(_ size: Size, _ rows: LayerRows) -> Parts {
    Parts(size, hasRecords: rows.columns == LayerColumn.training)
  }

  private func visibleRows(_ size: Size, _ rows: LayerRows) -> Int {
    Table.visibleRows(height: parts(size, rows).table.height, hasFooter: true)
  }

  /// The row of the plan in a row of the pane's inside.
  func layer(atRow row: Int, in size: Size) -> Int? {
    guard let rows = LayerRows(state) else { return nil }
    let line = row - parts(size, rows).table.y
    guard line >= 1, line <= visibleRows(size, rows) else { return nil }
    return rows.row(at: firstRow(in: size) + line - 1)
  }

  /// The first position that is shown in a pane whose inside has `size`.
  func firstRow(in size: Size) -> Int {
    guard let rows = LayerRows(state) else { return 0 }
    return Table.offset(
      state.scroll[.layers] ?? 0, showing: rows.position(of: state.layerRow), of: rows.count,
      visible: visibleRows(size, rows))
  }

  /// Whether a row of the plan is on the screen in a pane whose inside has `size`.
  func shows(row: Int, in size: Size) -> Bool {
    guard let rows = LayerRows(state) else { return false }
    let first = firstRow(in: size)
    return (first..<first + visibleRows(size, rows)).contains(rows.position(of: row))
  }

  func draw(on canvas: Canvas) {
    let theme = canvas.theme
    guard let rows = LayerRows(state) else {
      let inner = state.panel(.layers).draw(on: canvas)
      return TextBlock(state.missingNetwork, style: theme.muted).draw(on: inner)
    }
    let inner = state.panel(.layers, trailing: notes(rows, theme: theme)).draw(on: canvas)
    let parts = parts(inner.size, rows)
    if let strip = parts.strip {
      StageStrip(plan: rows.plan, selected: isActive ? state.layerRow : nil).draw(
        on: inner.region(Rect(x: 1, y: strip.y, width: strip.width - 2, height: 1)))
    }
    drawTable(rows, on: inner.region(parts.table))
    if let sparklines = parts.sparklines {
      drawSparklines(rows, on: inner.region(sparklines))
    }
  }

  /// Keys that move the selection move it here.
  private var isActive: Bool { state.focus == .layers || state.focus == .block }

  private func notes(_ rows: LayerRows, theme: Theme) -> [Span] {
    var notes = [
      Span(state.showsDraft ? "draft" : "run", style: theme.faint),
      Span(rows.plan.spec.name, style: theme.accent),
    ]
    if rows.columns == LayerColumn.training, let step = rows.records?.step {
      notes.append(Span("at step \(NumberText.grouped(step))", style: theme.muted))
    }
    if let filter = state.filters[.layers] {
      notes.insert(Span("/\(filter)", style: theme.warning), at: 0)
    }
    return notes
  }

  // MARK: Table

  private func drawTable(_ rows: LayerRows, on canvas: Canvas) {
    let changed = state.showsDraft ? state.composer.changedRows : []
    let arrow = state.layerView.isDescending ? canvas.glyphs.descending : canvas.glyphs.ascending
    var columns = columns(rows, width: canvas.width)
    if let sorted = rows.columns.firstIndex(where: { $0 == rows.sort }) {
      columns[sorted].title += String(arrow)
    }
    let position = rows.position(of: state.layerRow)
    Table(
      columns: columns, rowCount: rows.count,
      footer: Table.Row(rows.columns.map { footer($0, rows) }),
      selected: isActive && rows.count > 0 ? position : nil,
      offset: Table.offset(
        state.scroll[.layers] ?? 0, showing: position, of: rows.count,
        visible: Table.visibleRows(height: canvas.height, hasFooter: true)),
      isFocused: state.focus == .layers, emptyText: "No layer has that in its name or kind."
    ) { position in
      let row = rows.row(at: position) ?? 0
      return Table.Row(
        rows.columns.map { column in
          cell(
            column, row, rows,
            isChanged: state.showsDraft ? changed.indices.contains(row) && changed[row] : nil,
            on: canvas)
        })
    }.draw(on: canvas)
  }

  private func footer(_ column: LayerColumn, _ rows: LayerRows) -> Span {
    let plan = rows.plan
    return switch column {
    case .name:
      Span(
        rows.columns == LayerColumn.training
          ? "total \(NumberText.significant(rows.records?.total ?? 0, digits: 3)) ms" : "total")
    case .timeShare: Span((rows.records?.total ?? 0) > 0 ? NumberText.percent(1, decimals: 0) : "")
    case .kind: Span("\(plan.layers.count) rows")
    case .parameters: Span(NumberText.grouped(plan.total.parameters))
    case .macs: Span(NumberText.compact(Double(plan.total.macs)))
    default: ""
    }
  }

  /// The columns with their widths, which are those of the widest numbers: a deep network has
  /// hundreds of rows, and most are not on the screen.
  private func columns(_ rows: LayerRows, width: Int) -> [Table.Column] {
    let widest = LayerWidths(rows.plan)
    let hasMarks = state.showsDraft
    let name = widest.name + (hasMarks ? 1 : 0)
    // What the name tells goes first; groups stay only where they say something.
    let hasGroups = widest.hasGroups
    return rows.columns.map { column in
      let contentWidth: Int
      var dropOrder = 0
      switch column {
      case .name:
        // Names may be long (`layer2.1.branch2.0.conv`): columns go before what tells rows apart.
        return Table.Column(
          hasMarks ? " name" : "name", minimumWidth: max(14, min(name, width * 2 / 5)),
          contentWidth: name, isFlexible: true)
      case .kind: (contentWidth, dropOrder) = (widest.kind, hasGroups ? 7 : 4)
      case .output:
        (contentWidth, dropOrder) = (
          widest.output, rows.columns == LayerColumn.training ? 8 : 0
        )
      case .kernel: (contentWidth, dropOrder) = (widest.kernel, hasGroups ? 4 : 3)
      case .stride: (contentWidth, dropOrder) = (1, 5)
      case .groups: (contentWidth, dropOrder) = (widest.groups, hasGroups ? 2 : 6)
      case .parameters: (contentWidth, dropOrder) = (widest.parameters, 1)
      case .macs: (contentWidth, dropOrder) = (widest.macs, hasGroups ? 3 : 2)
      case .activationMean: (contentWidth, dropOrder) = (8, 6)
      case .activationDeviation: (contentWidth, dropOrder) = (7, 4)
      case .deadFraction: (contentWidth, dropOrder) = (5, 3)
      case .weightNorm: (contentWidth, dropOrder) = (7, 5)
      case .gradientNorm: (contentWidth, dropOrder) = (7, 1)
      case .updateRatio: (contentWidth, dropOrder) = (7, 2)
      case .timeShare: (contentWidth, dropOrder) = (6, 0)
      case .speed: (contentWidth, dropOrder) = (5, 7)
      }
      return Table.Column(
        column.title, alignment: column == .kind ? .leading : .trailing,
        contentWidth: contentWidth, dropOrder: dropOrder)
    }
  }

  /// - Parameter isChanged: whether the last edit changed the row; nil where there are no edits.
  private func cell(
    _ column: LayerColumn, _ row: Int, _ rows: LayerRows, isChanged: Bool?, on canvas: Canvas
  ) -> Span {
    let theme = canvas.theme
    let layer = rows.plan.layers[row]
    let isHeavy = layer.macs > 0
    switch column {
    case .name:
      let mark = isChanged.map { $0 ? String(canvas.glyphs.changed) : " " } ?? ""
      return Span(
        mark + layer.name,
        style: isChanged == true ? theme.warning : isHeavy ? theme.text : theme.muted)
    case .kind: return Span(layer.kind, style: theme.muted)
    case .output:
      return Span(
        layer.outputDimensions.map(String.init).joined(separator: "×"),
        style: isHeavy ? theme.text : theme.muted)
    case .kernel:
      return Span(layer.window.map { "\($0.kernel)×\($0.kernel)" } ?? "", style: theme.muted)
    case .stride: return Span(layer.window.map { "\($0.stride)" } ?? "", style: theme.muted)
    case .groups: return Span(layer.groups.map { "\($0)" } ?? "", style: theme.muted)
    case .parameters:
      return Span(
        layer.parameterCount > 0 ? NumberText.grouped(layer.parameterCount) : "",
        style: isHeavy ? theme.text : theme.muted)
    case .macs:
      return Span(layer.macs > 0 ? NumberText.compact(Double(layer.macs)) : "", style: theme.text)
    case .deadFraction:
      let value = rows.records?.value(.deadFraction, row: row) ?? 0
      return Span(
        rows.records?.text(column, row: row) ?? "",
        style: value > Self.manyDead ? theme.warning : theme.muted)
    default:
      return Span(
        rows.records?.text(column, row: row) ?? "", style: isHeavy ? theme.text : theme.muted)
    }
  }

  /// Fraction of a layer's channels from which dead ones stand out.
  private static let manyDead = 0.25

  // MARK: Sparklines

  /// How the numbers of the selected row went.
  private func drawSparklines(_ rows: LayerRows, on canvas: Canvas) {
    let theme = canvas.theme
    guard let records = rows.records, let row = rows.row(at: rows.position(of: state.layerRow))
    else { return }
    var x = 1 + canvas.write(rows.plan.layers[row].name, x: 1, style: theme.accent) + 2
    let preferred =
      [rows.sort].compactMap { $0 } + [
        .gradientNorm, .updateRatio, .weightNorm, .activationDeviation, .deadFraction,
      ]
    var drawn: Set<LayerColumn> = []
    for column in preferred where drawn.insert(column).inserted {
      guard let series = records.series(column, row: row) else { continue }
      let text = "\(column.title) \(records.text(column, row: row)) "
      let room = min(16, series.buckets.count)
      guard x + canvas.columns(of: text) + room <= canvas.width else { return }
      x += canvas.write(column.title, x: x, style: theme.muted) + 1
      x += canvas.write(records.text(column, row: row), x: x, style: theme.text) + 1
      Sparkline(series.buckets.suffix(room).map(\.mean)).draw(
        on: canvas.region(Rect(x: x, y: 0, width: room, height: 1)))
      x += room + 2
    }
  }
}

/// The widest cell of each column.
private struct LayerWidths {
  private(set) var (name, kind, output, kernel, groups) = (0, 0, 0, 0, 0)
  let parameters: Int
  let macs: Int
  /// Some convolution is grouped.
  private(set) var hasGroups = false

  init(_ plan: NetworkPlan) {
    var mostParameters = 0
    // Blocks of one stage cost the same: there are few numbers.
    var allMACs: Set<Int> = []
    for layer in plan.layers {
      name = max(name, layer.name.utf8.count)
      kind = max(kind, layer.kind.utf8.count)
      output = max(output, layer.outputDimensions.reduce(-1) { $0 + 1 + Self.digits($1) })
      if let window = layer.window { kernel = max(kernel, 2 * Self.digits(window.kernel) + 1) }
      if let count = layer.groups {
        groups = max(groups, Self.digits(count))
        hasGroups = hasGroups || count > 1
      }
      mostParameters = max(mostParameters, layer.parameterCount)
      if layer.macs > 0 { allMACs.insert(layer.macs) }
    }
    parameters = NumberText.grouped(mostParameters).count
    macs = allMACs.reduce(0) { max($0, NumberText.compact(Double($1)).count) }
  }

  private static func digits(_ value: Int) -> Int {
    var (count, rest) = (1, value)
    while rest >= 10 { (count, rest) = (count + 1, rest / 10) }
    return count
  }
}

extension State {
  /// A selected row that a filter hides gives way to the first that is shown; the block pane goes where it
  /// likes.
  mutating func settleLayers() {
    guard focus == .layers, filters[.layers] != nil, let rows = LayerRows(self),
      !rows.contains(layerRow)
    else {
      return
    }
    layerRow = rows.row(at: 0) ?? layerRow
  }

  /// The layer table shows the draft, not a run.
  var showsDraft: Bool { role.hasComposer && (isComposing || runs.shownEntry == nil) }

  /// Why there is no network to show.
  var missingNetwork: String {
    if showsDraft { return "no network: the composer says why" }
    return runs.shownEntry == nil ? "no run yet" : "the log has no network"
  }

  /// The network of the layer table.
  var shownPlan: NetworkPlan? { showsDraft ? composer.plan : runs.shownEntry?.plan }
}
