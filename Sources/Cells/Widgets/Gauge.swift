/// A horizontal bar filled to a fraction.
public struct Gauge: Sendable {
  /// 0 to 1; beyond, and for NaN, the nearest end.
  public var fraction: Double

  public init(fraction: Double) { self.fraction = fraction }

  public func draw(on canvas: Canvas) {
    guard canvas.width > 0, canvas.height > 0 else { return }
    let steps = canvas.glyphs.gaugeSteps
    let fraction = fraction.isNaN ? 0 : min(1, max(0, fraction))
    let filled = Int((fraction * Double(canvas.width * steps.count)).rounded(.down))
    for x in 0..<canvas.width {
      let level = min(steps.count, filled - x * steps.count)
      if level <= 0 {
        canvas.put(canvas.glyphs.gaugeTrack, x: x, y: 0, style: canvas.theme.gaugeTrack)
      } else {
        var style = Style.plain
        style.foreground = canvas.theme.progress.color(at: fraction)
        canvas.put(steps[level - 1], x: x, y: 0, style: style)
      }
    }
  }
}
