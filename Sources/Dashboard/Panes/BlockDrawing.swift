import Cells

/// Draws a block's diagram from top to bottom, with as much room between its parts as there is.
struct BlockDrawing {
  private let diagram: BlockDiagram

  init(_ diagram: BlockDiagram) { self.diagram = diagram }

  /// How much room a box takes.
  private enum Detail: CaseIterable {
    /// With a border and an arrow behind it.
    case spaced
    /// With a border.
    case boxed
    /// One line.
    case line
  }

  private typealias Box = BlockDiagram.Box

  /// Rows of the smallest drawing.
  var leastHeight: Int { height(.line) }

  private func height(_ box: Box, _ detail: Detail) -> Int {
    let own = hasBorder(box, detail) ? box.lines.count + 2 : 1
    return detail == .spaced ? own + 1 : own
  }

  private func height(_ boxes: [Box], _ detail: Detail) -> Int {
    boxes.reduce(0) { $0 + height($1, detail) }
  }

  /// What has no weights stands on the line between the others.
  private func hasBorder(_ box: Box, _ detail: Detail) -> Bool {
    detail != .line && box.lines.contains(where: \.isWeighted)
  }

  /// Input, fork, paths, join and output.
  private func height(_ detail: Detail) -> Int {
    let paths = diagram.paths.map { height($0, detail) }.max() ?? 0
    return 2 + height(diagram.trunk, detail) + paths + height(diagram.tail, detail)
      + (diagram.join == nil ? 0 : 2)
  }

  func draw(on canvas: Canvas) {
    let detail = Detail.allCases.first { height($0) <= canvas.height } ?? .line
    let columns = columns(width: canvas.width)
    let main = columns[0]
    var y = 0
    canvas.write(
      "\(diagram.input)", x: main.x, y: y, style: canvas.theme.muted, width: main.width,
      alignment: .center)
    y += 1
    y = draw(diagram.trunk, in: main, from: y, detail, on: canvas)
    guard let join = diagram.join else {
      y = draw(diagram.paths[0], in: main, from: y, detail, on: canvas)
      return drawOutput(in: main, y: y, on: canvas)
    }
    drawFork(columns, y: y, on: canvas)
    y += 1
    let end = y + (diagram.paths.map { height($0, detail) }.max() ?? 0)
    for (column, path) in zip(columns, diagram.paths) {
      let bottom = draw(path, in: column, from: y, detail, on: canvas)
      for line in bottom..<max(bottom, end) { drawLine(in: column, y: line, on: canvas) }
    }
    drawJoin(join, columns, y: end, on: canvas)
    y = draw(diagram.tail, in: main, from: end + 1, detail, on: canvas)
    drawOutput(in: main, y: y, on: canvas)
  }

  /// The places of the paths: a shortcut takes less room than the residual branch.
  private func columns(width: Int) -> [Rect] {
    let extents: [Extent] =
      diagram.paths.count == 2
      ? [.proportion(3), .proportion(2)] : diagram.paths.map { _ in .proportion(1) }
    return Rect(x: 0, y: 0, width: min(width, 24 * diagram.paths.count), height: 1)
      .columns(extents)
  }

  private func center(_ column: Rect) -> Int { column.x + column.width / 2 }

  private func drawLine(in column: Rect, y: Int, on canvas: Canvas) {
    canvas.put(canvas.glyphs.box.vertical, x: center(column), y: y, style: canvas.theme.border)
  }

  private func drawOutput(in column: Rect, y: Int, on canvas: Canvas) {
    canvas.write(
      "\(diagram.output)", x: column.x, y: y, style: canvas.theme.muted, width: column.width,
      alignment: .center)
  }

  // MARK: Boxes

  private func draw(
    _ boxes: [Box], in column: Rect, from top: Int, _ detail: Detail, on canvas: Canvas
  ) -> Int {
    var y = top
    for box in boxes {
      draw(
        box, in: Rect(x: column.x, y: y, width: column.width, height: height(box, detail)),
        detail, on: canvas)
      y += height(box, detail)
    }
    return y
  }

  private func draw(_ box: Box, in rect: Rect, _ detail: Detail, on canvas: Canvas) {
    if detail == .spaced {
      canvas.put(
        canvas.glyphs.descending, x: center(rect), y: rect.y + rect.height - 1,
        style: canvas.theme.border)
    }
    let width = rect.width - 1
    guard hasBorder(box, detail) else {
      canvas.write(
        text(box, width: width, separator: " \(canvas.glyphs.separator) "), x: rect.x, y: rect.y,
        style: style(box.lines[0], on: canvas), width: width, alignment: .center)
      return
    }
    let area = canvas.region(Rect(x: rect.x, y: rect.y, width: width, height: box.lines.count + 2))
    Panel.drawBorder(on: area, style: canvas.theme.border)
    for (y, line) in box.lines.enumerated() {
      area.write(
        text(line, width: width - 2), x: 1, y: y + 1, style: style(line, on: canvas),
        width: width - 2, alignment: .center)
    }
    if detail == .boxed {
      canvas.put(
        canvas.glyphs.descending, x: center(rect), y: rect.y + box.lines.count + 1,
        style: canvas.theme.border)
    }
  }

  /// The longest of the line's texts that there is room for.
  private func text(_ line: Box.Line, width: Int) -> String {
    line.texts.first { $0.count <= width } ?? line.texts[line.texts.count - 1]
  }

  /// All of a box in one line: the longest texts of its lines that there is room for; then what has
  /// weights alone.
  private func text(_ box: Box, width: Int, separator: String) -> String {
    let most = box.lines.map(\.texts.count).max() ?? 1
    let all = (0..<most).map { length in
      box.lines.map { $0.texts[min(length, $0.texts.count - 1)] }.joined(separator: separator)
    }
    return all.first { $0.count <= width }
      ?? text(box.lines.first(where: \.isWeighted) ?? box.lines[0], width: width)
  }

  private func style(_ line: Box.Line, on canvas: Canvas) -> Style {
    line.isWeighted ? canvas.theme.emphasis : canvas.theme.muted
  }

  // MARK: Where paths part and meet

  private func drawFork(_ columns: [Rect], y: Int, on canvas: Canvas) {
    let glyphs = canvas.glyphs
    connect(
      columns, y: y, first: glyphs.teeRight, middle: glyphs.teeDown, last: glyphs.box.topRight,
      on: canvas)
  }

  private func drawJoin(
    _ join: BlockDiagram.Join, _ columns: [Rect], y: Int, on canvas: Canvas
  ) {
    let glyphs = canvas.glyphs
    connect(
      columns, y: y, first: join == .add ? glyphs.sum : glyphs.teeRight, middle: glyphs.teeUp,
      last: glyphs.box.bottomRight, on: canvas)
    if join == .add {
      canvas.put(glyphs.sum, x: center(columns[0]), y: y, style: canvas.theme.accent)
    } else {
      canvas.write(
        " concat ", x: center(columns[0]) + 2, y: y, style: canvas.theme.accent)
    }
  }

  /// A line from the first column's centre to the last one's, with a junction at each.
  private func connect(
    _ columns: [Rect], y: Int, first: Character, middle: Character, last: Character,
    on canvas: Canvas
  ) {
    let style = canvas.theme.border
    let centers = columns.map(center)
    guard let start = centers.first, let end = centers.last, start < end else { return }
    for x in start...end { canvas.put(canvas.glyphs.box.horizontal, x: x, y: y, style: style) }
    for x in centers { canvas.put(middle, x: x, y: y, style: style) }
    canvas.put(first, x: start, y: y, style: style)
    canvas.put(last, x: end, y: y, style: style)
  }
}
