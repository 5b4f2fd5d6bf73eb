import Architecture
import Cells
import Experiments

/// The experiment being composed: its values, what the network costs, and why one is impossible.
struct ComposerPane {
  private let state: State
  private var composer: Composer { state.composer }

  init(_ state: State) { self.state = state }

  /// A line of the form: a heading or a field by its index.
  private enum Line {
    case heading(String)
    case field(Int, ComposerField)
  }

  private var lines: [Line] {
    composer.fields.enumerated().flatMap { index, field in
      (field.heading.map { [Line.heading($0)] } ?? []) + [.field(index, field)]
    }
  }

  private static let costHeight = 4

  /// The first line that is shown, so that the selected one is among them.
  private func firstLine(of lines: [Line], height: Int) -> Int {
    let selected =
      lines.firstIndex {
        if case .field(let index, _) = $0 { index == composer.selected } else { false }
      } ?? 0
    return max(0, min(selected - height / 2, lines.count - height))
  }

  /// The field in a row of the pane's inside.
  func field(atRow row: Int, height: Int) -> Int? {
    let lines = lines
    let height = height - Self.costHeight
    guard row >= 0, row < height else { return nil }
    let index = firstLine(of: lines, height: height) + row
    guard lines.indices.contains(index), case .field(let field, _) = lines[index] else {
      return nil
    }
    return field
  }

  func draw(on canvas: Canvas) {
    let isFocused = state.focus == .composer
    let inner = Panel(
      Pane.composer.title, number: Pane.composer.rawValue,
      trailing: composer.problems.isEmpty
        ? [] : [Span("impossible", style: canvas.theme.bad)], isFocused: isFocused
    ).draw(on: canvas)
    let parts = inner.bounds.rows([.minimum(0), .fixed(Self.costHeight)])
    drawForm(on: inner.region(parts[0]), isFocused: isFocused)
    drawCost(on: inner.region(parts[1]))
  }

  private func drawForm(on canvas: Canvas, isFocused: Bool) {
    let lines = lines
    let first = firstLine(of: lines, height: canvas.height)
    for (y, line) in lines.dropFirst(first).prefix(canvas.height).enumerated() {
      let row = canvas.region(Rect(x: 0, y: y, width: canvas.width, height: 1))
      switch line {
      case .heading(let text): row.write(text, x: 1, y: 0, style: canvas.theme.header)
      case .field(let index, let field):
        let isSelected = index == composer.selected
        let isEdited = isSelected && composer.edit != nil
        FormRow(
          field.label, value: isEdited ? composer.edit ?? "" : field.text(of: composer.draft),
          marker: isEdited ? .editing : isSelected && isFocused ? .selected : .none,
          isInvalid: composer.problems.contains { field.isMeant(by: $0.key ?? "") },
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

  private func drawCost(on canvas: Canvas) {
    let theme = canvas.theme
    for x in 0..<canvas.width {
      canvas.put(canvas.glyphs.box.horizontal, x: x, y: 0, style: theme.border)
    }
    let text = canvas.region(
      Rect(x: 1, y: 1, width: canvas.width - 2, height: canvas.height - 1))
    if let problem = composer.problems.first {
      TextBlock(problem.reason, style: theme.bad).draw(on: text)
      return
    }
    guard let total = composer.plan?.total else { return }
    let base = presetCost
    let rows: [(String, Double, Double?)] = [
      ("parameters", Double(total.parameters), base.map { Double($0.parameters) }),
      ("MACs", Double(total.macs), base.map { Double($0.macs) }),
      ("activations", Double(total.activations), base.map { Double($0.activations) }),
    ]
    for (y, row) in rows.enumerated() {
      text.write(row.0, x: 0, y: y, style: theme.muted)
      text.write(
        NumberText.compact(row.1), x: 12, y: y, style: theme.emphasis, width: 9,
        alignment: .trailing)
      if let base = row.2, base != row.1, base > 0 {
        let change = row.1 / base - 1
        text.write(
          (change > 0 ? "+" : "") + NumberText.percent(change, decimals: 0), x: 22, y: y,
          style: change > 0 ? theme.warning : theme.good)
      }
    }
  }

  /// What the untouched preset costs at the same input.
  private var presetCost: NetworkPlan.Cost? {
    guard var spec = Preset.named(composer.draft.network.name)?.spec else { return nil }
    spec.input = composer.draft.network.input
    spec.classes = composer.draft.network.classes
    guard spec != composer.draft.network else { return nil }
    return try? NetworkPlan(spec).total
  }
}
