/// A box with a title, around a part of the screen that can have the focus.
public struct Panel: Sendable {
  public var title: String
  /// The key that leads here.
  public var number: Int?
  /// What else can stand in this place, as a second tab.
  public var sibling: String?
  /// At the right end of the title line.
  public var trailing: [Span]
  public var isFocused: Bool

  public init(
    _ title: String, number: Int? = nil, sibling: String? = nil, trailing: [Span] = [],
    isFocused: Bool = false
  ) {
    self.title = title
    self.number = number
    self.sibling = sibling
    self.trailing = trailing
    self.isFocused = isFocused
  }

  /// Draws the border, clears what is within, and returns a canvas onto that.
  public func draw(on canvas: Canvas) -> Canvas {
    let theme = canvas.theme
    let box = canvas.glyphs.box
    let style = isFocused ? theme.borderFocused : theme.border
    let right = canvas.width - 1
    let bottom = canvas.height - 1
    canvas.fill(style: theme.ground)
    for x in 0...max(0, right) {
      canvas.put(box.horizontal, x: x, y: 0, style: style)
      canvas.put(box.horizontal, x: x, y: bottom, style: style)
    }
    for y in 0...max(0, bottom) {
      canvas.put(box.vertical, x: 0, y: y, style: style)
      canvas.put(box.vertical, x: right, y: y, style: style)
    }
    canvas.put(box.topLeft, x: 0, y: 0, style: style)
    canvas.put(box.topRight, x: right, y: 0, style: style)
    canvas.put(box.bottomLeft, x: 0, y: bottom, style: style)
    canvas.put(box.bottomRight, x: right, y: bottom, style: style)
    drawTitle(on: canvas.region(Rect(x: 2, y: 0, width: canvas.width - 4, height: 1)))
    return canvas.region(canvas.bounds.inset())
  }

  private func drawTitle(on canvas: Canvas) {
    let theme = canvas.theme
    var x = 0
    if let number {
      x += canvas.write(
        " \(number)", x: 0, y: 0, style: isFocused ? theme.keyHint : theme.faint)
    }
    x += canvas.write(
      " \(title) ", x: x, y: 0, style: isFocused ? theme.titleFocused : theme.title)
    if let sibling, x + 2 + canvas.columns(of: sibling) <= canvas.width {
      x += 1 + canvas.write(" \(sibling) ", x: x + 1, y: 0, style: theme.faint)
    }
    let needed = trailing.reduce(2) { $0 + canvas.columns(of: $1.text) }
    guard !trailing.isEmpty, x + 2 + needed <= canvas.width else { return }
    canvas.write(
      [Span(" ")] + trailing + [Span(" ")], x: canvas.width - needed, y: 0, style: theme.muted)
  }
}
