/// The keys that work now, in one line; what does not fit is left out from the end.
public struct KeyBar: Sendable {
  public struct Hint: Equatable, Sendable {
    public var key: String
    public var label: String

    public init(key: String, label: String) {
      self.key = key
      self.label = label
    }
  }

  public var hints: [Hint]

  public init(_ hints: [Hint]) { self.hints = hints }

  public func draw(on canvas: Canvas) {
    var x = 1
    for hint in hints {
      let needed = canvas.columns(of: hint.key) + 1 + canvas.columns(of: hint.label)
      guard x + needed <= canvas.width else { continue }
      x += canvas.write(hint.key, x: x, y: 0, style: canvas.theme.keyHint)
      x += 1 + canvas.write(hint.label, x: x + 1, y: 0, style: canvas.theme.keyLabel)
      x += 2
    }
  }
}
