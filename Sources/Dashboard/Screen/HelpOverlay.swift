import Cells

/// The `?` screen: every binding, by where it holds.
struct HelpOverlay {
  func draw(on canvas: Canvas) {
    let contexts = KeyContext.allCases.filter { $0 != .dialog && $0 != .help }
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
    lines.append([Span("a click selects, the wheel moves", style: canvas.theme.text)])
    let perColumn = min(lines.count, max(1, canvas.height - 4))
    let columns = (lines.count + perColumn - 1) / perColumn
    let width = 36
    let inner = Overlay("keys", size: Size(width: width * columns, height: perColumn))
      .draw(on: canvas)
    for (index, line) in lines.enumerated() {
      inner.write(
        line, x: index / perColumn * width, y: index % perColumn, width: width - 1)
    }
  }

  /// The panes' numbers take one line.
  static func bindings(of context: KeyContext) -> [(keys: String, label: String)] {
    var lines: [(keys: String, label: String)] = []
    for binding in KeyBinding.all where binding.context == context {
      if case .focus(let pane) = binding.action {
        if pane == Pane.allCases.first {
          lines.append(("1 to \(Pane.allCases.count)", "pane of that number"))
        }
        continue
      }
      lines.append((binding.keys.map(\.name).joined(separator: ", "), binding.label))
    }
    return lines
  }

  private static func padded(_ keys: String) -> String {
    keys + String(repeating: " ", count: max(1, 15 - keys.count))
  }
}
