import Cells
import CursesTerminal
import Testing

/// Frames through the real ncurses, on a terminal that is /dev/null.
@Suite(.serialized) @MainActor struct CursesScreenTests {
  private static let frame = Frame(
    size: Size(width: 40, height: 6), appearance: Appearance(theme: .dark)
  ) { canvas in
    let inner = Panel("loss", number: 3, isFocused: true).draw(on: canvas)
    inner.write("⣿⡇ ×┈é 層 wide", style: Theme.dark.bad)
    inner.write("\u{1B}[2J unsafe", y: 1)
    Gauge(fraction: 0.37).draw(on: inner.region(Rect(x: 0, y: 2, width: 30, height: 1)))
  }

  /// Every cell is read back as it was put: glyph, attributes, and the palette's colours.
  @Test(arguments: ["xterm-256color", "xterm", "vt100"])
  func showsWhatItIsGiven(type: String) throws {
    let frame = Self.frame
    let screen = try CursesScreen(headless: type, size: frame.size)
    defer { screen.close() }
    #expect(screen.size == frame.size)
    for _ in 0..<2 {
      screen.present(frame)
      for y in 0..<frame.size.height {
        for x in 0..<frame.size.width {
          let cell = frame[x, y]
          let shown = try #require(screen.shownCell(x: x, y: y))
          #expect(shown.glyph == cell.glyph, "\(x), \(y)")
          #expect(shown.attributes == cell.style.attributes, "\(x), \(y)")
          guard screen.colorDepth != .monochrome else { continue }
          for (number, color) in [
            (shown.foreground, cell.style.foreground), (shown.background, cell.style.background),
          ] {
            guard let index = Palette.index(of: color, depth: screen.colorDepth) else { continue }
            #expect(number == Int32(index), "\(x), \(y)")
          }
        }
      }
    }
    #expect(screen.shownCell(x: 40, y: 0) == nil && screen.shownCell(x: -1, y: 0) == nil)
  }

  @Test func knowsHowManyColoursThereAre() throws {
    for (type, depth) in [
      ("xterm-256color", ColorDepth.colors256), ("xterm", .colors8), ("vt100", .monochrome),
    ] {
      let screen = try CursesScreen(headless: type, size: Size(width: 10, height: 3))
      #expect(screen.colorDepth == depth, "\(type)")
      screen.close()
    }
  }

  /// A frame larger or smaller than the screen is cut, or leaves blanks.
  @Test func sizesNeedNotAgree() throws {
    let screen = try CursesScreen(headless: "xterm-256color", size: Size(width: 20, height: 9))
    defer { screen.close() }
    screen.present(Self.frame)
    #expect(screen.shownCell(x: 19, y: 0)?.glyph == Self.frame[19, 0].glyph)
    #expect(screen.shownCell(x: 3, y: 8)?.glyph == " ")
    screen.present(Frame(size: Size(width: 0, height: 0)))
    #expect(screen.shownCell(x: 0, y: 0)?.glyph == " ")
  }

  @Test func oneAtATime() throws {
    let screen = try CursesScreen(headless: "xterm", size: Size(width: 10, height: 3))
    #expect(throws: TerminalError.alreadyOpen) {
      try CursesScreen(headless: "xterm", size: Size(width: 10, height: 3))
    }
    screen.close()
    try CursesScreen(headless: "xterm", size: Size(width: 10, height: 3)).close()
  }

  @Test func unknownTypesAreNamed() {
    #expect(throws: TerminalError.unknownType("no-such-terminal")) {
      try CursesScreen(headless: "no-such-terminal", size: Size(width: 10, height: 3))
    }
  }
}
