import Cells

/// What of the help is shown.
struct HelpView: Sendable, Equatable {
  /// Words that a line must have; all lines where it is empty.
  var query = ""
  /// The first column of lines that is shown.
  var offset = 0
}

/// The `?` screen: every binding that a dashboard of a role has, by where it holds.
struct HelpOverlay {
  let view: HelpView
  let role: State.Role
  let hints: [KeyBar.Hint]

  func draw(on canvas: Canvas) {
    let page = Page(view, role, on: canvas)
    let room = canvas.width - 8
    let inner = Overlay(
      view.query.isEmpty ? "keys" : "keys with \(view.query)",
      size: Size(
        width: min(max(page.width, 44), room), height: page.height + 1)
    ).draw(on: canvas)
    if page.columns.isEmpty {
      inner.write("No key does anything of that name.", style: canvas.theme.muted)
    }
    var x = 0
    for (column, width) in page.shown {
      for (y, line) in column.enumerated() { inner.write(line, x: x, y: y, width: width) }
      x += width
    }
    let bar = inner.region(Rect(x: -1, y: page.height, width: inner.width + 1, height: 1))
    KeyBar((page.isWhole ? [] : [KeyBar.Hint(key: "arrows", label: "more")]) + hints).draw(on: bar)
  }

  /// The last offset at which the screen is full.
  static func lastOffset(_ view: HelpView, _ role: State.Role, in size: Size) -> Int {
    var last = view
    last.offset = 0
    let frame = Frame(size: size, appearance: Appearance()) { canvas in
      while !Page(last, role, on: canvas).reachesEnd { last.offset += 1 }
    }
    return frame.size == size ? last.offset : 0
  }

  /// The lines in columns, and those columns that there is room for.
  private struct Page {
    let columns: [[[Span]]]
    let shown: [([[Span]], width: Int)]
    let height: Int
    let reachesEnd: Bool

    init(_ view: HelpView, _ role: State.Role, on canvas: Canvas) {
      let lines = HelpOverlay.lines(matching: view.query, role, theme: canvas.theme)
      height = max(1, min(lines.count, canvas.height - 5))
      let height = height
      columns = stride(from: 0, to: lines.count, by: height).map {
        Array(lines[$0..<min($0 + height, lines.count)])
      }
      var x = 0
      var shown: [([[Span]], width: Int)] = []
      for column in columns.dropFirst(view.offset) {
        let width =
          column.reduce(0) { max($0, $1.reduce(0) { $0 + canvas.columns(of: $1.text) }) } + 2
        guard x + width <= canvas.width - 8 || shown.isEmpty else { break }
        shown.append((column, width))
        x += width
      }
      self.shown = shown
      reachesEnd = view.offset + shown.count >= columns.count
    }

    var width: Int { shown.reduce(0) { $0 + $1.width } }
    var isWhole: Bool { shown.count == columns.count }
  }

  /// The parts of the help that the query leaves, each under its title.
  private static func lines(
    matching query: String, _ role: State.Role, theme: Theme
  ) -> [[Span]] {
    let words = query.lowercased().split(separator: " ")
    let parts =
      KeyContext.allCases.map { ($0.title, bindings(of: $0, role)) } + [
        (
          "mouse",
          [("click", "select; in a chart, the cursor"), ("wheel", "move; in a chart, zoom")]
        )
      ]
    return parts.flatMap { title, bindings -> [[Span]] in
      let found = bindings.filter { keys, label in
        let text = "\(title) \(keys) \(label)".lowercased()
        return words.allSatisfy { text.contains($0) }
      }
      guard !found.isEmpty else { return [] }
      return [[Span(title, style: theme.header)]]
        + found.map { keys, label in
          [Span(padded(keys), style: theme.keyHint), Span(label, style: theme.text)]
        }
    }
  }

  /// The panes' numbers take one line.
  static func bindings(
    of context: KeyContext, _ role: State.Role = .session
  ) -> [(keys: String, label: String)] {
    guard context != .composer || role.hasComposer else { return [] }
    var lines: [(keys: String, label: String)] = []
    for binding in KeyBinding.all where binding.context == context {
      if case .focus(let pane) = binding.action {
        if pane == Pane.allCases.first {
          lines.append(("1 to \(Pane.allCases.count)", "go to the pane"))
        }
        continue
      }
      guard role.obstacle(to: binding.action) == nil else { continue }
      lines.append((binding.keys.map(\.name).joined(separator: ", "), binding.label))
    }
    return lines
  }

  private static func padded(_ keys: String) -> String {
    keys + String(repeating: " ", count: max(1, 11 - keys.count))
  }
}
