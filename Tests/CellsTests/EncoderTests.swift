import Testing

@testable import Cells

@Suite struct EncoderTests {
  private let frame = Frame(size: Size(width: 6, height: 2), appearance: Appearance()) {
    $0.write("層\u{1B}a", style: Theme.dark.bad)
    $0.put("×", x: 5, y: 1, style: Style(foreground: .rgb(1, 2, 3), attributes: [.bold, .reverse]))
  }

  @Test func textHoldsGlyphsOnly() {
    #expect(FrameText.encode(frame) == "層␛a\n     ×\n")
  }

  /// Rows, newlines and SGR sequences, and nothing else.
  @Test(arguments: ColorDepth.allCases)
  func ansiHoldsStylesOnly(depth: ColorDepth) throws {
    let text = FrameANSI.encode(frame, depth: depth)
    let pattern = try Regex("\u{1B}\\[[0-9;]*m")
    #expect(text.replacing(pattern, with: "").allSatisfy { !$0.unicodeScalars.contains("\u{1B}") })
    #expect(text.replacing(pattern, with: "").split(separator: "\n").count == 2)
    #expect(depth == .trueColor ? text.contains("38;2;1;2;3") : !text.contains("38;2"))
    #expect(depth == .colors256 ? text.contains("38;5;") : !text.contains("38;5"))
  }

  @Test func styleRunsTellWhatDiffers() {
    let runs = StyleRuns.encode(frame)
    #expect(runs.contains("5 #010203 bold reverse"))
    #expect(runs != StyleRuns.encode(Frame(size: frame.size)))
  }

  /// The sixteen colours of a basic terminal keep the hue.
  @Test func coloursKeepTheirHue() {
    #expect(Palette.index(of: .rgb(255, 0, 0), depth: .colors8) == 1)
    #expect(Palette.index(of: .rgb(0, 255, 0), depth: .colors8) == 2)
    // The pale blue of the dark theme is the readable cyan, and greys are the terminal's own colour.
    #expect(Palette.index(of: .rgb(0x5A, 0xB0, 0xFF), depth: .colors8) == 6)
    #expect(Palette.index(of: .rgb(0x4B, 0x56, 0x6B), depth: .colors8) == nil)
    #expect(Palette.index(of: .rgb(0x10, 0x14, 0x1A), depth: .colors8) == 0)
    for index in 16..<256 {
      let color = Palette.color(at: index)
      let found = Palette.index(of: color, depth: .colors256)
      #expect(found.map(Palette.color) == color)
    }
  }
}
