/// A box in the middle of the screen, over everything else.
public struct Overlay: Sendable {
  public var title: String
  /// Of what is within the border.
  public var size: Size

  public init(_ title: String, size: Size) {
    self.title = title
    self.size = size
  }

  /// Draws the box, as large as fits, and returns a canvas onto what is within.
  public func draw(on canvas: Canvas) -> Canvas {
    let rect = canvas.bounds.centered(Size(width: size.width + 4, height: size.height + 2))
    let inner = Panel(title, isFocused: true).draw(on: canvas.region(rect))
    return inner.region(Rect(x: 1, y: 0, width: inner.width - 2, height: inner.height))
  }
}
