/// A labelled value that can be changed.
public struct FormRow: Sendable {
  public enum Marker: Equatable, Sendable {
    case none
    /// The arrow keys change the value.
    case selected
    /// The value is being typed; the cursor stands behind it.
    case editing
  }

  public var label: String
  public var value: String
  public var marker: Marker
  public var isInvalid: Bool
  /// The value is not the row's own.
  public var isInherited: Bool
  /// Where the values stand.
  public var valueColumn: Int

  public init(
    _ label: String, value: String, marker: Marker = .none, isInvalid: Bool = false,
    isInherited: Bool = false, valueColumn: Int
  ) {
    self.label = label
    self.value = value
    self.marker = marker
    self.isInvalid = isInvalid
    self.isInherited = isInherited
    self.valueColumn = valueColumn
  }

  public func draw(on canvas: Canvas) {
    let theme = canvas.theme
    let glyphs = canvas.glyphs
    canvas.write(
      label, x: 1, y: 0, style: marker == .none ? theme.muted : theme.emphasis,
      width: max(0, valueColumn - 2))
    let style =
      isInvalid
      ? theme.bad
      : marker != .none ? theme.input : isInherited ? theme.faint : theme.text
    let room = canvas.width - valueColumn - 1
    guard room > 0 else { return }
    switch marker {
    case .none:
      canvas.write(value, x: valueColumn, y: 0, style: style, width: room)
    case .selected:
      canvas.put(glyphs.previous, x: valueColumn - 1, y: 0, style: theme.accent)
      let width = canvas.write(value, x: valueColumn, y: 0, style: style, width: room)
      canvas.put(glyphs.next, x: valueColumn + width, y: 0, style: theme.accent)
    case .editing:
      // Of a long text the end is shown, where the cursor is.
      let shown =
        canvas.columns(of: value) < room
        ? value : String(canvas.glyphs.ellipsis) + canvas.end(of: value, within: room - 2)
      let width = canvas.write(shown, x: valueColumn, y: 0, style: theme.input, width: room - 1)
      canvas.put(" ", x: valueColumn + width, y: 0, style: theme.cursor)
    }
    if isInvalid { canvas.put("!", x: 0, y: 0, style: theme.bad) }
  }
}
