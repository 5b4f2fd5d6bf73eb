/// A row of small bars, the latest value at the right.
public struct Sparkline: Sendable {
  public var values: [Double]
  public var style: Style?

  public init(_ values: [Double], style: Style? = nil) {
    self.values = values
    self.style = style
  }

  public func draw(on canvas: Canvas) {
    guard canvas.width > 0, canvas.height > 0 else { return }
    let shown = values.suffix(canvas.width)
    let finite = shown.filter(\.isFinite)
    guard let high = finite.max(), high > 0 else { return }
    let steps = canvas.glyphs.sparkSteps
    for (index, value) in shown.enumerated() {
      let x = canvas.width - shown.count + index
      guard value.isFinite else {
        canvas.put(canvas.glyphs.notANumber, x: x, y: 0, style: canvas.theme.bad)
        continue
      }
      let level = Int((max(0, value) / high * Double(steps.count - 1)).rounded())
      canvas.put(
        steps[min(steps.count - 1, level)], x: x, y: 0, style: style ?? canvas.theme.accent)
    }
  }
}
