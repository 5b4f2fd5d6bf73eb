/// A box with a title, around a part of the screen that can have the focus.
public struct Panel: Sendable {
  public var title: String
  /// The key that leads here.
  public var number: Int?
  /// What else can stand in this place, as further tabs.
  public var siblings: [String]
  /// At the right end of the title line, as many as there is room for.
  public var trailing: [Span]
  public var isFocused: Bool
  /// The first of `trailing` is shown before siblings are, where there is no room for both.
  public var isTrailingFirst = false

  public init(
    _ title: String, number: Int? = nil, siblings: [String] = [], trailing: [Span] = [],
    isFocused: Bool = false
  ) {
    self.title = title
    self.number = number
    self.siblings = siblings
    self.trailing = trailing
    self.isFocused = isFocused
  }

  /// Draws the border, clears what is within, and returns a canvas onto that.
  public func draw(on canvas: Canvas) -> Canvas {
    let theme = canvas.theme
    canvas.fill(style: theme.ground)
    Self.drawBorder(on: canvas, style: isFocused ? theme.borderFocused : theme.border)
    drawTitle(on: canvas.region(Rect(x: 2, y: 0, width: canvas.width - 4, height: 1)))
    return canvas.region(canvas.bounds.inset())
  }

  /// A box along the canvas's edge.
  public static func drawBorder(on canvas: Canvas, style: Style) {
    let box = canvas.glyphs.box
    let right = canvas.width - 1
    let bottom = canvas.height - 1
    for y in [0, bottom] {
      canvas.fill(
        Rect(x: 0, y: y, width: canvas.width, height: 1), glyph: box.horizontal, style: style)
    }
    for x in [0, right] {
      canvas.fill(
        Rect(x: x, y: 0, width: 1, height: canvas.height), glyph: box.vertical, style: style)
    }
    canvas.put(box.topLeft, x: 0, y: 0, style: style)
    canvas.put(box.topRight, x: right, y: 0, style: style)
    canvas.put(box.bottomLeft, x: 0, y: bottom, style: style)
    canvas.put(box.bottomRight, x: right, y: bottom, style: style)
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
    let first = isTrailingFirst ? Array(trailing.prefix(1)) : []
    let room = canvas.width - (first.isEmpty ? 0 : Self.columns(of: first, on: canvas) + 2)
    for sibling in siblings where x + 3 + canvas.columns(of: sibling) <= room {
      x += 1 + canvas.write(" \(sibling) ", x: x + 1, y: 0, style: theme.faint)
    }
    var shown = trailing
    while !shown.isEmpty, x + 2 + Self.columns(of: shown, on: canvas) > canvas.width {
      shown.removeLast()
    }
    guard !shown.isEmpty else { return }
    canvas.write(
      [" "] + Array(shown.map { [$0] }.joined(separator: ["  "])) + [" "],
      x: canvas.width - Self.columns(of: shown, on: canvas), y: 0, style: theme.muted)
  }

  /// Of the parts, two columns apart and with a blank at either end.
  private static func columns(of parts: [Span], on canvas: Canvas) -> Int {
    parts.reduce(0) { $0 + 2 + canvas.columns(of: $1.text) }
  }
}
