public import Pictures

/// A picture over the whole canvas: two pixels a cell, one above the other, in half-blocks of two
/// colours; where greys cannot be shown, one shade a cell.
public struct PictureView: Sendable {
  public var picture: Picture

  public init(_ picture: Picture) { self.picture = picture }

  /// Cells of the largest view that keeps the proportions of a picture and fits into `size`; enlarged
  /// by whole factors only, so that pixels stay alike.
  public static func size(of picture: Picture, in size: Size) -> Size {
    let (width, height) = (Double(picture.width), Double(picture.height))
    var scale = min(Double(size.width) / width, Double(2 * size.height) / height)
    if scale > 1 { scale = scale.rounded(.down) }
    return Size(
      width: max(1, min(size.width, Int((width * scale).rounded()))),
      height: max(1, min(size.height, Int((height * scale / 2).rounded(.up)))))
  }

  public func draw(on canvas: Canvas) {
    guard canvas.width > 0, canvas.height > 0 else { return }
    if canvas.appearance.colorDepth >= .colors256, let half = canvas.glyphs.upperHalf {
      drawHalves(half, on: canvas)
    } else {
      drawShades(on: canvas)
    }
  }

  private func drawHalves(_ glyph: Character, on canvas: Canvas) {
    let scaled = picture.resized(width: canvas.width, height: 2 * canvas.height)
    func color(_ x: Int, _ y: Int) -> Color {
      let (red, green, blue) = scaled[x, y]
      return .rgb(Self.level(red), Self.level(green), Self.level(blue))
    }
    for y in 0..<canvas.height {
      for x in 0..<canvas.width {
        canvas.put(
          glyph, x: x, y: y,
          style: Style(foreground: color(x, 2 * y), background: color(x, 2 * y + 1)))
      }
    }
  }

  /// The nearest of 32 levels: terminals have room for so many pairs of colours only.
  private static func level(_ value: UInt8) -> UInt8 {
    UInt8((Int(value) * 31 + 127) / 255 * 255 / 31)
  }

  private func drawShades(on canvas: Canvas) {
    let scaled = picture.resized(width: canvas.width, height: canvas.height)
    let shades = canvas.glyphs.shades
    // Ink is light on most terminals, and dark on a light theme.
    let inkIsLight = !canvas.theme.isLight
    for y in 0..<canvas.height {
      for x in 0..<canvas.width {
        let (red, green, blue) = scaled[x, y]
        let brightness = (2 * Int(red) + 5 * Int(green) + Int(blue)) / 8
        let ink = inkIsLight ? brightness : 255 - brightness
        canvas.put(
          shades[ink * shades.count / 256], x: x, y: y, style: canvas.theme.text)
      }
    }
  }
}
