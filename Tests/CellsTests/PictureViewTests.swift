import Cells
import Pictures
import Testing

@Suite struct PictureViewTests {
  /// A ramp from black to white, 4 wide and 4 high.
  private let ramp = Picture(
    width: 4, height: 4, channels: 1, pixels: (0..<16).map { UInt8($0 * 17) })

  private func frame(_ picture: Picture, _ size: Size, _ appearance: Appearance) -> Frame {
    Frame(size: size, appearance: appearance) { PictureView(picture).draw(on: $0) }
  }

  /// Two pixels a cell: the upper one in front, the lower one behind.
  @Test(arguments: [ColorDepth.trueColor, .colors256])
  func halfBlocks(depth: ColorDepth) {
    let frame = frame(ramp, Size(width: 4, height: 2), Appearance(colorDepth: depth))
    #expect(FrameText.encode(frame) == "▀▀▀▀\n▀▀▀▀\n")
    #expect(frame[0, 0].style == Style(foreground: .rgb(0, 0, 0), background: .rgb(65, 65, 65)))
    #expect(
      frame[3, 1].style == Style(foreground: .rgb(189, 189, 189), background: .rgb(255, 255, 255)))
  }

  /// Where there are no greys a glyph says how bright it is; on a light ground ink is dark.
  @Test func shades() {
    let size = Size(width: 4, height: 2)
    for depth in [ColorDepth.colors8, .colors16, .monochrome] {
      let frame = frame(ramp, size, Appearance(colorDepth: depth))
      #expect(FrameText.encode(frame) == "  ░░\n▓▓▓█\n", "\(depth)")
    }
    #expect(
      FrameText.encode(frame(ramp, size, Appearance(glyphs: .ascii))) == "..:-\n*##%\n")
    let light = Appearance(theme: .light, glyphs: .ascii)
    #expect(FrameText.encode(frame(ramp, size, light)) == "%##*\n-:..\n")
  }

  @Test func sizes() {
    func size(_ width: Int, _ height: Int, in room: Size) -> Size {
      PictureView.size(
        of: Picture(
          width: width, height: height, channels: 1,
          pixels: Array(repeating: 0, count: width * height)), in: room)
    }
    let room = Size(width: 60, height: 20)
    // By whole factors, as long as it is enlarged.
    #expect(size(28, 28, in: room) == Size(width: 28, height: 14))
    #expect(size(20, 20, in: room) == Size(width: 40, height: 20))
    #expect(size(80, 80, in: room) == Size(width: 40, height: 20))
    #expect(size(300, 10, in: room) == Size(width: 60, height: 1))
    #expect(size(1, 4000, in: room) == Size(width: 1, height: 20))
    #expect(size(7, 7, in: Size(width: 1, height: 1)) == Size(width: 1, height: 1))
  }

  /// A picture in a picture: its halves are drawn, not written, in as many paths as it has colours.
  @Test func inSVG() {
    let frame = frame(ramp, Size(width: 4, height: 2), Appearance())
    let svg = FrameSVG.encode(frame, theme: .dark)
    #expect(!svg.contains("▀") && !svg.contains("<text"))
    #expect(svg.split(separator: "<path fill=").count == 17)
    #expect(svg.contains("M12 21.5h9v9.5h-9z"))
  }
}
