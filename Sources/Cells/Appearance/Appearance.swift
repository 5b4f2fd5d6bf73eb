/// What a canvas draws with: the theme's colours and the glyphs the terminal can show.
public struct Appearance: Sendable {
  public var theme: Theme
  public var glyphs: Glyphs

  public init(theme: Theme = .dark, glyphs: Glyphs = .unicode) {
    self.theme = theme
    self.glyphs = glyphs
  }
}
