/// What a screen says that has no room for anything else.
public struct TooSmall: Sendable {
  public var needed: Size

  public init(needed: Size) { self.needed = needed }

  public func draw(on canvas: Canvas) {
    let times: Character = canvas.glyphs.isASCII ? "x" : "×"
    let lines = [
      ("The terminal is too small", canvas.theme.emphasis),
      ("it has \(canvas.width)\(times)\(canvas.height)", canvas.theme.bad),
      ("and needs \(needed.width)\(times)\(needed.height)", canvas.theme.good),
    ]
    let top = max(0, (canvas.height - lines.count) / 2)
    for (index, line) in lines.enumerated() {
      canvas.write(
        line.0, x: 0, y: top + index, style: line.1, width: canvas.width, alignment: .center)
    }
  }
}
