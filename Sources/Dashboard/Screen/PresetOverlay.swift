import Architecture
import Cells

/// The search for a preset, over the screen.
struct PresetOverlay {
  let picker: PresetPicker
  let hints: [KeyBar.Hint]

  func draw(on canvas: Canvas) {
    let theme = canvas.theme
    let rows = min(picker.matches.count + 1, canvas.height - 8)
    let inner = Overlay(
      "presets, at \(picker.input)", size: Size(width: 68, height: max(6, rows + 3))
    ).draw(on: canvas)
    let parts = inner.bounds.rows([.fixed(1), .fixed(1), .minimum(0), .fixed(1)])
    let line = inner.region(parts[0])
    let x = line.write("search ", style: theme.muted)
    let query = line.end(of: picker.query, within: line.width - x - 1)
    let width = line.write(query, x: x, y: 0, style: theme.input)
    line.put(" ", x: x + width, y: 0, style: theme.cursor)
    let list = inner.region(parts[2])
    Table(
      columns: [
        Table.Column("name", minimumWidth: 18), Table.Column("params", alignment: .trailing),
        Table.Column("MACs", alignment: .trailing),
        Table.Column("source", minimumWidth: 10, isFlexible: true, dropOrder: 1),
      ],
      rows: picker.matches.map { entry in
        func number(_ value: Int?) -> Span {
          Span(value.map { NumberText.compact(Double($0)) } ?? "")
        }
        return Table.Row([
          Span(entry.name, style: theme.text), number(entry.cost?.parameters),
          number(entry.cost?.macs), Span(entry.source, style: theme.muted),
        ])
      },
      selected: picker.matches.isEmpty ? nil : picker.selected,
      offset: Table.offset(
        0, showing: picker.selected, of: picker.matches.count,
        visible: Table.visibleRows(height: list.height, hasFooter: false)),
      isFocused: true, emptyText: "No preset has these letters."
    ).draw(on: list)
    KeyBar(hints).draw(
      on: inner.region(Rect(x: -1, y: parts[3].y, width: inner.width + 1, height: 1)))
  }
}
