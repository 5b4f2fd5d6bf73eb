/// The keys that work now, in one line; what does not fit is left out from the end, but for the hints
/// that are kept.
public struct KeyBar: Sendable {
  public struct Hint: Equatable, Sendable {
    public var key: String
    public var label: String
    /// Others are left out before it is.
    public var isKept: Bool

    public init(key: String, label: String, isKept: Bool = false) {
      self.key = key
      self.label = label
      self.isKept = isKept
    }
  }

  public var hints: [Hint]

  public init(_ hints: [Hint]) { self.hints = hints }

  public func draw(on canvas: Canvas) {
    func columns(_ hint: Hint) -> Int {
      canvas.columns(of: hint.key) + 1 + canvas.columns(of: hint.label)
    }
    var x = 1
    var kept = hints.filter(\.isKept).reduce(0) { $0 + 2 + columns($1) }
    for hint in hints {
      if hint.isKept { kept -= 2 + columns(hint) }
      guard x + columns(hint) + kept <= canvas.width else { continue }
      x += canvas.write(hint.key, x: x, y: 0, style: canvas.theme.keyHint)
      x += 1 + canvas.write(hint.label, x: x + 1, y: 0, style: canvas.theme.keyLabel)
      x += 2
    }
  }
}
