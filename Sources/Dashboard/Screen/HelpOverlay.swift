import Cells

/// The `?` screen: every binding, by where it holds.
struct HelpOverlay {
  func draw(on canvas: Canvas) {
    // What lies over the screen says itself which keys work there.
    let contexts: [KeyContext] = [.always, .anywhere, .composer, .list, .runs, .charts]
    var lines: [[Span]] = []
    for context in contexts {
      lines.append([Span(context.title, style: canvas.theme.header)])
      for binding in Self.bindings(of: context) {
        lines.append([
          Span(Self.padded(binding.keys), style: canvas.theme.keyHint),
          Span(binding.label, style: canvas.theme.text),
        ])
      }
    }
    lines.append([Span("mouse", style: canvas.theme.header)])
    for (what, does) in [("click", "select"), ("wheel", "move")] {
      lines.append([
        Span(Self.padded(what), style: canvas.theme.keyHint), Span(does, style: canvas.theme.text),
      ])
    }
    let perColumn = max(1, min(lines.count, canvas.height - 4))
    let columns = stride(from: 0, to: lines.count, by: perColumn).map {
      Array(lines[$0..<min($0 + perColumn, lines.count)])
    }
    let widths = columns.map { column in
      column.reduce(0) { max($0, $1.reduce(0) { $0 + canvas.columns(of: $1.text) }) } + 2
    }
    let inner = Overlay("keys", size: Size(width: widths.reduce(0, +), height: perColumn))
      .draw(on: canvas)
    var x = 0
    for (column, width) in zip(columns, widths) {
      for (y, line) in column.enumerated() { inner.write(line, x: x, y: y, width: width) }
      x += width
    }
  }

  /// The panes' numbers take one line.
  static func bindings(of context: KeyContext) -> [(keys: String, label: String)] {
    var lines: [(keys: String, label: String)] = []
    for binding in KeyBinding.all where binding.context == context {
      if case .focus(let pane) = binding.action {
        if pane == Pane.allCases.first {
          lines.append(("1 to \(Pane.allCases.count)", "go to the pane"))
        }
        continue
      }
      lines.append((binding.keys.map(\.name).joined(separator: ", "), binding.label))
    }
    return lines
  }

  private static func padded(_ keys: String) -> String {
    keys + String(repeating: " ", count: max(1, 11 - keys.count))
  }
}
