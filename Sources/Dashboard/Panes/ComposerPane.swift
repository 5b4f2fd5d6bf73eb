import Architecture
import Cells
import Experiments

/// The experiment being composed: its values, what the network costs, and why one is impossible.
struct ComposerPane {
  private let state: State
  private var composer: Composer { state.composer }
  private let lines: [Line]

  init(_ state: State) {
    self.state = state
    lines = state.composer.fields.enumerated().flatMap { index, field in
      (field.heading.map { [Line.heading($0)] } ?? []) + [.field(index, field)]
    }
  }

  /// A line of the form: a heading or a field by its index.
  private enum Line {
    case heading(String)
    case field(Int, ComposerField)
  }

  /// Rows below the form, with the line above them: the costs, or the problem beneath one line of
  /// them; where there is room what the selected field means.
  private func footHeight(in size: Size) -> Int {
    let width = size.width - 2
    guard let problem else { return 5 + helpHeight(in: size) }
    return 2 + min(6, TextBlock(problem).lineCount(width: width))
  }

  private func helpHeight(in size: Size) -> Int { size.height >= 26 ? 4 : 0 }

  private var problem: String? { composer.problems.first.map { "\($0)" } }

  /// The first line that is shown in a pane whose inside has `size`.
  func firstLine(in size: Size) -> Int {
    var selected =
      lines.firstIndex {
        if case .field(let index, _) = $0 { index == composer.selected } else { false }
      } ?? 0
    // The heading above the first field comes with it.
    if selected == 1 { selected = 0 }
    return Table.offset(
      state.scroll[.composer] ?? 0, showing: selected, of: lines.count,
      visible: max(1, size.height - footHeight(in: size)))
  }

  /// The field in a row of the pane's inside.
  func field(atRow row: Int, in size: Size) -> Int? {
    guard row >= 0, row < size.height - footHeight(in: size) else { return nil }
    let index = firstLine(in: size) + row
    guard lines.indices.contains(index), case .field(let field, _) = lines[index] else {
      return nil
    }
    return field
  }

  func draw(on canvas: Canvas) {
    let isFocused = state.focus == .composer
    let inner = state.panel(
      .composer,
      trailing: composer.problems.isEmpty ? [] : [Span("impossible", style: canvas.theme.bad)]
    ).draw(on: canvas)
    let parts = inner.bounds.rows([.minimum(0), .fixed(footHeight(in: inner.size))])
    drawForm(
      on: inner.region(parts[0]), from: firstLine(in: inner.size), isFocused: isFocused)
    drawFoot(on: inner.region(parts[1]), helpHeight: helpHeight(in: inner.size))
  }

  private func drawForm(on canvas: Canvas, from first: Int, isFocused: Bool) {
    for (y, line) in lines.dropFirst(first).prefix(canvas.height).enumerated() {
      let row = canvas.region(Rect(x: 0, y: y, width: canvas.width, height: 1))
      switch line {
      case .heading(let text): row.write(text, x: 1, y: 0, style: canvas.theme.header)
      case .field(let index, let field):
        let isSelected = index == composer.selected
        let facts = field.facts
        let isEdited = isSelected && composer.edit != nil
        FormRow(
          facts.label, value: isEdited ? composer.edit ?? "" : facts.value.text(of: composer.draft),
          marker: isEdited ? .editing : isSelected && isFocused ? .selected : .none,
          isInvalid: composer.problems.contains { field.isMeant(by: $0.key ?? "") },
          isInherited: field.isInherited(in: composer.draft),
          valueColumn: 18
        ).draw(on: row)
      }
    }
    if first > 0 { mark(canvas.glyphs.ascending, y: 0, on: canvas) }
    if first + canvas.height < lines.count {
      mark(canvas.glyphs.descending, y: canvas.height - 1, on: canvas)
    }
  }

  /// There is more in this direction.
  private func mark(_ glyph: Character, y: Int, on canvas: Canvas) {
    canvas.put(glyph, x: canvas.width - 1, y: y, style: canvas.theme.faint)
  }

  private func drawFoot(on canvas: Canvas, helpHeight: Int) {
    let theme = canvas.theme
    for x in 0..<canvas.width {
      canvas.put(canvas.glyphs.box.horizontal, x: x, y: 0, style: theme.border)
    }
    let text = canvas.region(
      Rect(x: 1, y: 1, width: canvas.width - 2, height: canvas.height - 1))
    let total = composer.plan?.total
    if let problem {
      let cost =
        total.map {
          "\(NumberText.compact(Double($0.parameters))) parameters, "
            + "\(NumberText.compact(Double($0.macs))) MACs"
        } ?? "no network"
      text.write(cost, style: theme.muted)
      TextBlock(problem, style: theme.bad).draw(
        on: text.region(Rect(x: 0, y: 1, width: text.width, height: text.height - 1)))
      return
    }
    let costs = NetworkCosts(composer, slowness: state.runs.slowness)
    if let baseline = composer.baseline, costs?.isBaseline == false {
      canvas.write(
        [
          Span(" against ", style: theme.faint),
          Span(baseline.name, style: baseline.isPinned ? theme.accent : theme.muted),
          Span(baseline.isPinned ? " (pinned) " : " ", style: theme.faint),
        ], x: 2, y: 0, width: canvas.width - 4)
    }
    for (y, cost) in (costs?.rows ?? []).enumerated() { draw(cost, y: y, on: text) }
    TextBlock(composer.field.facts.help, style: theme.muted).draw(
      on: text.region(
        Rect(x: 0, y: text.height - helpHeight + 1, width: text.width, height: helpHeight - 1)))
  }

  private func draw(_ cost: NetworkCosts.Row, y: Int, on canvas: Canvas) {
    let theme = canvas.theme
    canvas.write(cost.label, x: 0, y: y, style: theme.muted)
    canvas.write(
      cost.text, x: 12, y: y, style: theme.emphasis, width: 9, alignment: .trailing)
    guard let base = cost.base, base != cost.value else { return }
    canvas.write(
      ComparisonText.change(
        from: base, to: cost.value, decimals: abs(cost.value / base - 1) < 0.1 ? 1 : 0),
      x: 22, y: y, style: cost.value > base ? theme.warning : theme.good)
  }
}
