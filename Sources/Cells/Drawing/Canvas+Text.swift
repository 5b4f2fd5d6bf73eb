/// Where text stands in the room it is given.
public enum Alignment: Hashable, Sendable {
  case leading, center, trailing
}

/// A piece of text in one style; `nil` takes the style of what surrounds it.
public struct Span: Hashable, Sendable, ExpressibleByStringLiteral {
  public var text: String
  public var style: Style?

  public init(_ text: String, style: Style? = nil) {
    self.text = text
    self.style = style
  }

  public init(stringLiteral value: String) { self.init(value) }
}

extension Canvas {
  /// Columns that `text` takes on this canvas.
  public func columns(of text: String) -> Int {
    TextWidth.of(text, ascii: glyphs.isASCII)
  }

  /// The longest end of `text` that `width` columns have room for.
  public func end(of text: String, within width: Int) -> String {
    var start = text.endIndex
    var room = width
    while start > text.startIndex {
      let before = text.index(before: start)
      room -= columns(of: String(text[before]))
      guard room >= 0 else { break }
      start = before
    }
    return String(text[start...])
  }

  /// `text` with its middle left out where it is wider than `width`, for what differs at its end; such of
  /// other than plain characters stays as it is.
  func cutInTheMiddle(_ text: String, width: Int) -> String {
    guard width > 2, TextWidth.isPlain(text), columns(of: text) > width else { return text }
    let tail = (width - 1) / 2
    return text.prefix(width - 1 - tail) + String(glyphs.ellipsis) + text.suffix(tail)
  }

  /// Writes one line of text and returns the columns it took.
  ///
  /// Text wider than `width` (default: up to the right edge) ends in an ellipsis. The text may come
  /// from anywhere: it is shown by the rules of `SafeGlyphs`.
  @discardableResult
  public func write(
    _ text: String, x: Int = 0, y: Int = 0, style: Style? = nil, width: Int? = nil,
    alignment: Alignment = .leading
  ) -> Int {
    let style = style ?? theme.text
    let room = min(width ?? Int.max, max(0, size.width - x))
    guard room > 0, y >= 0, y < size.height else { return 0 }
    let needed = columns(of: text)
    let slack = max(0, room - needed)
    var column =
      switch alignment {
      case .leading: x
      case .center: x + slack / 2
      case .trailing: x + slack
      }
    let start = column
    let limit = needed <= room ? column + room : column + room - 1
    if TextWidth.isPlain(text) {
      put(plain: text, x: column, y: y, style: style, limit: limit - column)
      column += min(needed, limit - column)
    } else {
      for (glyph, glyphWidth) in SafeGlyphs(text, ascii: glyphs.isASCII) {
        guard column + glyphWidth <= limit else { break }
        put(glyph, width: glyphWidth, x: column, y: y, style: style)
        column += glyphWidth
      }
    }
    if needed > room {
      put(glyphs.ellipsis, x: column, y: y, style: style)
      column += 1
    }
    return column - start
  }

  /// Writes parts of one line, each of some spans, two columns apart; from the first part on that
  /// does not fit whole they are left out, but the first part is always there.
  public func writeParts(_ parts: [[Span]], x: Int = 0, y: Int = 0) {
    var column = x
    for (index, part) in parts.enumerated() {
      let needed = part.reduce(0) { $0 + columns(of: $1.text) }
      guard index == 0 || column + needed <= size.width else { return }
      column += write(part, x: column, y: y) + 2
    }
  }

  /// Writes spans one after the other and returns the columns they took.
  @discardableResult
  public func write(
    _ spans: [Span], x: Int = 0, y: Int = 0, style: Style? = nil, width: Int? = nil,
    alignment: Alignment = .leading
  ) -> Int {
    let room = min(width ?? Int.max, max(0, size.width - x))
    let needed = spans.reduce(0) { $0 + columns(of: $1.text) }
    let slack = max(0, room - needed)
    let start =
      switch alignment {
      case .leading: x
      case .center: x + slack / 2
      case .trailing: x + slack
      }
    var column = start
    for span in spans where column < x + room {
      column += write(
        span.text, x: column, y: y, style: span.style ?? style, width: x + room - column)
    }
    return column - start
  }
}
