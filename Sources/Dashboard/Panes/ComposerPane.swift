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

  /// Rows below the form, with the line above them: the costs, then what is wrong, or where there is
  /// room what the selected field means.
  private func footHeight(in size: Size) -> Int {
    guard let problem else { return 1 + costHeight + helpHeight(in: size) }
    return 1 + costHeight
      + min(composer.plan == nil ? 6 : 4, TextBlock(problem).lineCount(width: size.width - 2))
  }

  private var costHeight: Int { composer.plan == nil ? 1 : 4 }

  private func helpHeight(in size: Size) -> Int {
    size.height >= 34 ? 5 : size.height >= 26 ? 4 : 0
  }

  private var problem: String? {
    composer.problems.isEmpty ? nil : composer.problems.map { "\($0)" }.joined(separator: "\n")
  }

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
    var panel = state.panel(
      .composer,
      trailing: composer.plan == nil
        ? [Span("impossible", style: canvas.theme.bad)]
        : problem != nil
          ? [Span("cannot be trained", style: canvas.theme.warning)]
          : state.fork == nil ? [] : [Span("fork", style: canvas.theme.accent)])
    panel.isTrailingFirst = true
    let inner = panel.draw(on: canvas)
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
    if costs == nil { text.write("no network", style: theme.muted) }
    if let problem {
      TextBlock(problem, style: composer.plan == nil ? theme.bad : theme.warning).draw(
        on: text.region(
          Rect(x: 0, y: costHeight, width: text.width, height: text.height - costHeight)))
      return
    }
    TextBlock(help, style: theme.muted).draw(
      on: text.region(
        Rect(x: 0, y: text.height - helpHeight + 1, width: text.width, height: helpHeight - 1)))
  }

  /// What the selected value means; while it is typed, what it may be.
  private var help: String {
    let facts = composer.field.facts
    guard composer.edit != nil, let choices = facts.value.choices else { return facts.help }
    return "one of \(choices.joined(separator: ", "))"
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
