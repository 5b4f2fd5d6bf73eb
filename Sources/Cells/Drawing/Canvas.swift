/// A clipping window onto a frame that is being drawn, with coordinates of its own.
///
/// `(0, 0)` is the window's top left cell, and nothing drawn through it reaches a cell outside.
/// A widget draws into whatever canvas it is given and asks nothing else of its surroundings.
public struct Canvas {
  /// Extent of the window in cells.
  public let size: Size
  /// Colours and glyphs to draw with.
  public let appearance: Appearance

  private let surface: Surface
  /// The window's top left cell on the surface.
  private let origin: Point
  /// The cells of the surface that may be touched.
  private let clip: Rect

  init(surface: Surface, appearance: Appearance) {
    self.surface = surface
    self.appearance = appearance
    size = surface.size
    origin = Point(x: 0, y: 0)
    clip = Rect(size: surface.size)
  }

  private init(_ parent: Canvas, rect: Rect) {
    surface = parent.surface
    appearance = parent.appearance
    size = rect.size
    origin = Point(x: parent.origin.x + rect.x, y: parent.origin.y + rect.y)
    clip = parent.clip.intersection(
      Rect(x: origin.x, y: origin.y, width: rect.width, height: rect.height))
  }

  public var theme: Theme { appearance.theme }
  public var glyphs: Glyphs { appearance.glyphs }
  public var width: Int { size.width }
  public var height: Int { size.height }
  /// The whole window: `(0, 0)` and its size.
  public var bounds: Rect { Rect(size: size) }

  /// A canvas onto `rect`, which may reach beyond this one; what does is cut off.
  public func region(_ rect: Rect) -> Canvas { Canvas(self, rect: rect) }

  /// The cell at a position of the window; a blank outside.
  public func cell(x: Int, y: Int) -> Cell {
    let target = Point(x: origin.x + x, y: origin.y + y)
    return clip.contains(target) ? surface.cell(x: target.x, y: target.y) : .blank
  }

  /// Puts one glyph of the program's own (`width` 1 or 2 columns). A wide glyph that would be cut
  /// becomes spaces.
  public func put(_ glyph: Character, width: Int = 1, x: Int, y: Int, style: Style = .plain) {
    let target = Point(x: origin.x + x, y: origin.y + y)
    let last = Point(x: target.x + width - 1, y: target.y)
    switch (clip.contains(target), clip.contains(last)) {
    case (true, true): surface.put(glyph, width: width, x: target.x, y: target.y, style: style)
    case (true, false): surface.put(" ", width: 1, x: target.x, y: target.y, style: style)
    case (false, true): surface.put(" ", width: 1, x: last.x, y: last.y, style: style)
    case (false, false): break
    }
  }

  /// Puts at most `limit` characters of printable ASCII, a cell for each.
  func put(plain text: String, x: Int, y: Int, style: Style, limit: Int) {
    let row = onSurface(Rect(x: x, y: y, width: min(text.utf8.count, limit), height: 1))
    guard !row.isEmpty else { return }
    surface.put(plain: text, droppingFirst: row.x - origin.x - x, in: row, style: style)
  }

  /// Fills `rect`, or the whole window, with one narrow glyph.
  public func fill(_ rect: Rect? = nil, glyph: Character = " ", style: Style = .plain) {
    surface.fill(onSurface(rect ?? bounds), glyph: glyph, style: style)
  }

  /// Changes the styles of the cells in `rect` and leaves their glyphs.
  public func restyle(_ rect: Rect? = nil, with change: (inout Style) -> Void) {
    surface.restyle(onSurface(rect ?? bounds), with: change)
  }

  private func onSurface(_ rect: Rect) -> Rect {
    clip.intersection(
      Rect(x: origin.x + rect.x, y: origin.y + rect.y, width: rect.width, height: rect.height))
  }
}

extension Frame {
  /// A frame of `size` cells with what `draw` draws on its canvas.
  public init(size: Size, appearance: Appearance, draw: (Canvas) -> Void) {
    let surface = Surface(size: size, fill: Cell(glyph: " ", style: appearance.theme.ground))
    draw(Canvas(surface: surface, appearance: appearance))
    self.init(size: size, cells: surface.cells)
  }
}
