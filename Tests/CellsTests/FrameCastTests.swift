import Foundation
import Testing

@testable import Cells

@Suite struct FrameCastTests {
  private let size = Size(width: 8, height: 3)

  private func frame(_ rows: [String]) -> Frame {
    Frame(size: size, appearance: Appearance()) { canvas in
      for (y, row) in rows.enumerated() { canvas.write(row, y: y) }
    }
  }

  /// Every line is JSON: a header, then times that go on, and what a terminal is told.
  @Test func isARecording() throws {
    var cast = FrameCast(size: size, title: "a \"title\"\u{1B}\\")
    cast.append(frame(["one", "two", ""]), at: 0)
    cast.append(frame(["one", "層 ▀", ""]), at: 1.5)
    cast.append(frame(["one", "層 ▀", ""]), at: 2)
    let lines = try cast.text.split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8))
    }
    #expect(lines.count == 4)
    let header = try #require(lines[0] as? [String: Any])
    #expect(header["version"] as? Int == 2 && header["width"] as? Int == 8)
    #expect(header["height"] as? Int == 3 && header["title"] as? String == "a \"title\"␛\\")
    let events = try lines.dropFirst().map { try #require($0 as? [Any]) }
    #expect(events.compactMap { $0[0] as? Double } == [0, 1.5, 2])
    #expect(events.allSatisfy { $0[1] as? String == "o" })
    let texts = events.compactMap { $0[2] as? String }
    #expect(texts[0].hasPrefix("\u{1B}[?25l\u{1B}[2J\u{1B}[1;1H") && texts[0].contains("two"))
    // Only the row that has changed.
    #expect(texts[1].hasPrefix("\u{1B}[2;1H\u{1B}[2K") && texts[1].contains("層 ▀"))
    #expect(!texts[1].contains("one") && texts[2].isEmpty)
  }
}
