import Cells
import Foundation
import Testing

@testable import resnet_tui

/// How the checks are laid out.
@Suite struct DoctorReportTests {
  private static let checks = [
    Check("terminal", .ok, "xterm-256color, alternate screen, mouse"),
    Check(
      "size", .warning, "60×20; below 80×24 the session shows nothing but these two sizes",
      mend: "enlarge the window"),
    Check(
      "data", .problem,
      "/a/path/of/many/folders/that/has/no/space/in/it/and/is/wider/than/a/narrow/terminal is wrong",
      mend: "set RESNET_TUI_DATA to the folder that holds the data sets' folders, or unset it"),
    Check("mnist", .note, "not found"),
  ]

  private func text(width: Int, _ glyphs: Glyphs = .unicode) -> String {
    FrameText.encode(DoctorReport(checks: Self.checks).frame(width: width, glyphs: glyphs))
  }

  @Test func layout() {
    let expected = """
      ok       terminal  xterm-256color, alternate screen, mouse
      warning  size      60×20; below 80×24 the session shows nothing but these two
                         sizes
                         → enlarge the window
      problem  data      /a/path/of/many/folders/that/has/no/space/in/it/and/is/wider/
                         than/a/narrow/terminal is wrong
                         → set RESNET_TUI_DATA to the folder that holds the data sets'
                           folders, or unset it
      note     mnist     not found

      1 problem, 1 warning

      """
    #expect(text(width: 80) == expected)
  }

  /// Whatever the width, no line is longer and no character is lost.
  @Test func nothingIsCut() {
    func letters(_ text: String) -> String { text.filter { !$0.isWhitespace } }
    let whole = Self.checks.map {
      $0.status.rawValue + $0.name + $0.found + ($0.mend.map { "→" + $0 } ?? "")
    }.joined()
    for width in 24...200 {
      let text = text(width: width)
      #expect(letters(text) == letters(whole + "1 problem, 1 warning"), "\(width)")
      #expect(text.split(separator: "\n").allSatisfy { $0.count <= width }, "\(width)")
    }
  }

  @Test func asciiOnly() {
    let text = text(width: 80, .ascii)
    #expect(text.utf8.allSatisfy { $0 < 0x80 } && text.contains("-> enlarge"))
    #expect(text.contains("60x20; below 80x24"))
  }

  @Test func theLastLineCounts() {
    let well = DoctorReport(checks: [Check("a", .ok, "b"), Check("c", .note, "d")])
    #expect(
      FrameText.encode(well.frame(width: 80, glyphs: .ascii)).hasSuffix("Nothing is in the way.\n"))
    let ill = DoctorReport(checks: [Check("a", .warning, "b"), Check("c", .warning, "d")])
    #expect(FrameText.encode(ill.frame(width: 80, glyphs: .ascii)).hasSuffix("\n2 warnings\n"))
  }

  @Test func everyKeyIsThere() throws {
    let json = try JSONEncoder().encode(Check("a", .ok, "b"))
    let object = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
    #expect(Set(object.keys) == ["name", "status", "found", "mend"] && object["mend"] is NSNull)
  }
}
