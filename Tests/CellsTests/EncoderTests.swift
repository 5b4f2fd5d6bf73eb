import Foundation
import FoundationXML
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

  /// A combining mark shares the place of its letter, and what follows has its own.
  @Test func marksHaveTheirLettersPlace() {
    let frame = Frame(size: Size(width: 5, height: 1), appearance: Appearance()) {
      $0.write("e\u{301}a×b")
    }
    let svg = FrameSVG.encode(frame, theme: .dark)
    #expect(svg.contains("x=\"12 12 21 30 39\""), "\(svg)")
  }

  /// A picture by itself: well-formed, without anything that is loaded or run, and with the theme's
  /// colours.
  @Test(arguments: Theme.all.map(\.name))
  func svgIsAPicture(theme: String) throws {
    let theme = try #require(Theme.named(theme))
    let hostile = Frame(
      size: Size(width: 30, height: 3), appearance: Appearance(theme: theme)
    ) {
      $0.write("<script>&\"层\u{1B}[2J", style: theme.bad)
      $0.write("reversed", y: 1, style: Style(attributes: .reverse))
      $0.write("⣿⢸ ╭─╮", y: 2, style: theme.train)
    }
    let svg = FrameSVG.encode(hostile, theme: theme, title: "a <title>")
    let parser = XMLParser(data: Data(svg.utf8))
    let reader = Reader()
    parser.delegate = reader
    #expect(parser.parse(), "\(parser.parserError.map { "\($0)" } ?? "")")
    #expect(Set(reader.elements) == ["svg", "title", "rect", "g", "text", "path"])
    #expect(reader.text.contains("<script>&\"层␛[2J") && reader.text.contains("   ╭─╮"))
    // The dots of braille: eight and four of them.
    #expect(svg.components(separatedBy: "h0").count == 13)
    #expect(!svg.contains("href") && !svg.unicodeScalars.contains("\u{1B}"))
    if case .rgb(let red, _, _) = theme.train.foreground {
      #expect(svg.contains("#" + String(red, radix: 16, uppercase: true)) || red < 16)
    }
  }

  private final class Reader: NSObject, XMLParserDelegate {
    var elements: [String] = []
    var text = ""

    func parser(
      _ parser: XMLParser, didStartElement element: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      elements.append(element)
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
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
