import TestSupport
import Testing

@testable import Cells

@Suite struct TextTests {
  @Test(arguments: [
    ("plain", "plain"), ("\u{1B}[31mred", "␛[31mred"), ("a\tb\r\n", "a␉b␍␊"),
    ("\u{7F}\u{9B}", "␡<9B>"), ("\u{202E}abc", "<202E>abc"), ("e\u{301}", "e\u{301}"),
    ("\u{301}", "\u{25CC}\u{301}"), ("\u{1161}x", "\u{25CC}x"), ("👩\u{200D}💻", "👩💻"),
    ("層×→⣿", "層×→⣿"),
  ])
  func unsafeTextBecomesSymbols(text: String, safe: String) {
    #expect(Sanitizer.sanitize(text) == safe)
  }

  @Test(arguments: [("\u{1B}[0m", "^[[0m"), ("層x", "??x"), ("3×3–5", "3x3-5"), ("e\u{301}", "e")])
  func asciiHoldsNothingElse(text: String, safe: String) {
    #expect(Sanitizer.sanitize(text, ascii: true) == safe)
  }

  /// Whatever it is given, a frame holds no control character, and every row is as wide as it is.
  @Test(arguments: 0..<40)
  func noTextBreaksAFrame(seed: UInt64) {
    var random = SeededGenerator(state: seed)
    let ranges: [ClosedRange<UInt32>] = [
      0...0x9F, 0x300...0x36F, 0x1100...0x11FF, 0x2000...0x206F, 0x4E00...0x4E20, 0x1F300...0x1F6FF,
      0x20...0x7E,
    ]
    let text = String(
      String.UnicodeScalarView(
        (0..<200).compactMap { _ in
          Unicode.Scalar(UInt32.random(in: ranges.randomElement(using: &random)!, using: &random))
        }))
    for isASCII in [false, true] {
      let appearance = Appearance(glyphs: isASCII ? .ascii : .unicode)
      let frame = Frame(size: Size(width: 37, height: 2), appearance: appearance) {
        $0.write(text, x: Int.random(in: 0...30, using: &random))
        $0.write(text, y: 1, alignment: .trailing)
      }
      for y in 0..<2 {
        let cells = (0..<37).map { frame[$0, y].glyph }
        let columns = cells.reduce(0) { $0 + ($1.map { TextWidth.of(String($0)) } ?? 0) }
        #expect(columns == 37)
        let scalars = cells.compactMap(\.self).flatMap(\.unicodeScalars)
        #expect(scalars.allSatisfy { $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) })
        #expect(!isASCII || scalars.allSatisfy { $0.isASCII })
      }
    }
  }

  @Test(arguments: [
    (0.0, "0"), (0.31213, "0.3121"), (12.345, "12.35"), (1234.5, "1235"), (1.234e-5, "1.234e-5"),
    (4.5678e8, "4.568e8"), (.nan, "NaN"), (-.infinity, "-inf"), (0.0312345, "0.0312"),
    (0.00712345, "0.00712"), (0.00049, "4.9e-4"), (-0.0015, "-0.00150"), (0.00999999, "0.0100"),
    (9.99996, "10.00"),
  ])
  func significant(value: Double, text: String) {
    #expect(NumberText.significant(value) == text)
  }

  @Test(arguments: [
    (950.0, "950"), (1234, "1.2 k"), (11_689_512, "11.69 M"), (4.09e9, "4.09 G"),
    (999_960, "1.00 M"), (2.5, "2.50"), (1e16, "1e16"),
  ])
  func compact(value: Double, text: String) { #expect(NumberText.compact(value) == text) }

  @Test func otherNumbers() {
    #expect(NumberText.trimmed(0.05) == "0.05" && NumberText.trimmed(10) == "10")
    #expect(NumberText.trimmed(1.5e-8) == "1.5e-8")
    #expect(NumberText.grouped(11_689_512) == "11,689,512" && NumberText.grouped(-1000) == "-1,000")
    #expect(NumberText.percent(0.9312) == "93.1 %")
    #expect(NumberText.duration(seconds: 42.9) == "00:42")
    #expect(NumberText.significant(0.00712345, digits: 2) == "0.0071")
    #expect(NumberText.significant(0.0712345, digits: 3) == "0.0712")
    #expect(NumberText.duration(seconds: 3725) == "1h02m")
    #expect(NumberText.duration(seconds: 3725, resolution: 15) == "1h02m05s")
    #expect(NumberText.duration(seconds: 90_061, resolution: 60) == "1d01h01m")
    #expect(NumberText.duration(seconds: -1) == "--:--")
  }
}
