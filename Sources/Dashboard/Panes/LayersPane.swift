import Architecture
import Cells

/// The layer table: of the draft while it is being composed, else of the run that is shown.
struct LayersPane {
  private let state: State

  init(_ state: State) { self.state = state }

  /// The layer in a row of the pane's inside.
  func layer(atRow row: Int, in size: Size) -> Int? {
    guard let plan = state.shownPlan, row >= 1 else { return nil }
    let index = firstRow(in: size) + row - 1
    let visible = Table.visibleRows(height: size.height, hasFooter: true)
    return row <= visible && plan.layers.indices.contains(index) ? index : nil
  }

  private func selected(in plan: NetworkPlan) -> Int { min(state.layerRow, plan.layers.count - 1) }

  /// The first layer that is shown in a pane whose inside has `size`.
  func firstRow(in size: Size) -> Int {
    guard let plan = state.shownPlan else { return 0 }
    return Table.offset(
      state.scroll[.layers] ?? 0, showing: selected(in: plan), of: plan.layers.count,
      visible: Table.visibleRows(height: size.height, hasFooter: true))
  }

  /// Whether a row is on the screen in a pane whose inside has `size`.
  func shows(row: Int, in size: Size) -> Bool {
    let visible = Table.visibleRows(height: size.height, hasFooter: true)
    return row >= firstRow(in: size) && row < firstRow(in: size) + visible
  }

  func draw(on canvas: Canvas) {
    let isFocused = state.focus == .layers
    let plan = state.shownPlan
    var trailing: [Span] = []
    if let plan {
      trailing = [
        Span(state.showsDraft ? "draft " : "run ", style: canvas.theme.faint),
        Span(plan.spec.name, style: canvas.theme.accent),
      ]
    }
    let inner = state.panel(.layers, trailing: trailing).draw(on: canvas)
    guard let plan else {
      let reason = state.showsDraft ? "no network: the composer says why" : "the log has no network"
      return TextBlock(reason, style: canvas.theme.muted).draw(on: inner)
    }
    let changed = state.showsDraft ? state.composer.changedRows : []
    Table(
      columns: columns(plan, width: inner.width, hasMarks: state.showsDraft),
      rowCount: plan.layers.count,
      footer: Table.Row([
        "total", "\(plan.layers.count) rows", "", "", "", "",
        NumberText.grouped(plan.total.parameters), NumberText.compact(Double(plan.total.macs)),
      ]),
      selected: isFocused || state.focus == .block ? selected(in: plan) : nil,
      offset: firstRow(in: inner.size), isFocused: isFocused
    ) { index in
      row(
        plan.layers[index],
        isChanged: state.showsDraft ? changed.indices.contains(index) && changed[index] : nil,
        on: canvas)
    }.draw(on: inner)
  }

  /// The columns with their widths, which are those of the widest numbers: a deep network has
  /// hundreds of rows, and most are not on the screen.
  private func columns(_ plan: NetworkPlan, width: Int, hasMarks: Bool) -> [Table.Column] {
    let widest = LayerWidths(plan)
    let name = widest.name + (hasMarks ? 1 : 0)
    // What the name tells goes first; groups stay only where they say something.
    let hasGroups = widest.hasGroups
    return [
      // Names may be long (`layer2.1.branch2.0.conv`): columns go before what tells rows apart.
      Table.Column(
        hasMarks ? " name" : "name", minimumWidth: max(14, min(name, width * 2 / 5)),
        contentWidth: name, isFlexible: true),
      Table.Column(
        "kind", contentWidth: widest.kind, dropOrder: hasGroups ? 7 : 4),
      Table.Column("output", alignment: .trailing, contentWidth: widest.output),
      Table.Column(
        "kernel", alignment: .trailing, contentWidth: widest.kernel,
        dropOrder: hasGroups ? 4 : 3),
      Table.Column("stride", alignment: .trailing, contentWidth: 1, dropOrder: 5),
      Table.Column(
        "groups", alignment: .trailing, contentWidth: widest.groups,
        dropOrder: hasGroups ? 2 : 6),
      Table.Column(
        "params", alignment: .trailing, contentWidth: widest.parameters, dropOrder: 1),
      Table.Column(
        "MACs", alignment: .trailing, contentWidth: widest.macs, dropOrder: hasGroups ? 3 : 2),
    ]
  }

  /// - Parameter isChanged: whether the last edit changed the row; nil where there are no edits.
  private func row(_ layer: LayerPlan, isChanged: Bool?, on canvas: Canvas) -> Table.Row {
    let mark = isChanged.map { $0 ? String(canvas.glyphs.changed) : " " } ?? ""
    let theme = canvas.theme
    let isHeavy = layer.macs > 0
    return Table.Row([
      Span(
        mark + layer.name,
        style: isChanged == true ? theme.warning : isHeavy ? theme.text : theme.muted),
      Span(layer.kind, style: theme.muted),
      Span(
        layer.outputDimensions.map(String.init).joined(separator: "×"),
        style: isHeavy ? theme.text : theme.muted),
      Span(layer.window.map { "\($0.kernel)×\($0.kernel)" } ?? "", style: theme.muted),
      Span(layer.window.map { "\($0.stride)" } ?? "", style: theme.muted),
      Span(layer.groups.map { "\($0)" } ?? "", style: theme.muted),
      Span(
        layer.parameterCount > 0 ? NumberText.grouped(layer.parameterCount) : "",
        style: isHeavy ? theme.text : theme.muted),
      Span(
        layer.macs > 0 ? NumberText.compact(Double(layer.macs)) : "", style: theme.text),
    ])
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
  /// The layer table shows the draft, not a run.
  var showsDraft: Bool { isComposing || runs.shownEntry == nil }

  /// The network of the layer table.
  var shownPlan: NetworkPlan? { showsDraft ? composer.plan : runs.shownEntry?.plan }
}
