/// What a canvas draws with: the theme's colours, the glyphs the terminal can show, and how many
/// colours it has.
public struct Appearance: Sendable {
  public var theme: Theme
  public var glyphs: Glyphs
  /// Pictures are drawn by it; of all else a sink shows what it can.
  public var colorDepth: ColorDepth

  public init(
    theme: Theme = .dark, glyphs: Glyphs = .unicode, colorDepth: ColorDepth = .trueColor
  ) {
    self.theme = theme
    self.glyphs = glyphs
    self.colorDepth = colorDepth
  }
}
