import Cells
import TestSupport
import Testing

@testable import Dashboard

/// Every pane in every situation, at every size, with many colours, few, and none but ASCII.
@Suite struct SituationTests {
  private typealias Situation = Scenario.Situation

  private static let sizes = [
    Size(width: 80, height: 24), Size(width: 120, height: 40), Size(width: 200, height: 60),
  ]

  /// Whole screens as text.
  @Test(arguments: Scenario.Situation.allCases)
  func screens(_ situation: Scenario.Situation) {
    for size in Self.sizes {
      var scenario = Scenario(width: size.width, height: size.height)
      scenario.arrange(situation)
      expectSnapshot(
        scenario.screen, named: "situation-\(situation.rawValue)-\(size.width)x\(size.height)")
    }
  }

  /// Each pane alone, one below the other.
  @Test(arguments: Pane.allCases)
  func panes(_ pane: Pane) {
    let text = Situation.allCases.map { situation in
      var scenario = Scenario(width: 60, height: 16)
      scenario.arrange(situation)
      if situation != .empty, [.layers, .block].contains(pane) {
        scenario.state.isComposing = false
      }
      return "\(situation.rawValue)\n" + FrameText.encode(view(scenario.state, pane: pane))
    }.joined(separator: "\n")
    expectSnapshot(text, named: "situations-\(pane)")
  }

  /// The same screens as a terminal of 256 colours, one of eight, and one without UTF-8 gets them.
  @Test(arguments: [ColorDepth.colors256, .colors8])
  func colors(_ depth: ColorDepth) {
    let text = Situation.allCases.map { situation in
      var scenario = Scenario(width: 80, height: 24)
      scenario.state.appearance.colorDepth = depth
      scenario.arrange(situation)
      scenario.press(.character(situation == .live ? "9" : "3"))
      return FrameANSI.encode(view(scenario.state), depth: depth)
    }.joined(separator: "\n")
    expectSnapshot(text, named: "situations-\(depth.rawValue)-colours")
  }

  @Test func inASCII() {
    let text = Situation.allCases.map { situation in
      var scenario = Scenario(width: 80, height: 24, glyphs: .ascii)
      scenario.arrange(situation)
      scenario.press(.character(situation == .live ? "9" : "3"))
      return scenario.screen
    }.joined(separator: "\n")
    #expect(text.utf8.allSatisfy { $0 < 0x80 })
    expectSnapshot(text, named: "situations-ascii")
  }

  /// All of it together: each pane stays within its frame, has its title and something to say, and is
  /// drawn of what its terminal has.
  @Test(arguments: Pane.allCases)
  func everyCombination(_ pane: Pane) {
    for situation in Situation.allCases {
      for size in Self.sizes {
        for (depth, glyphs) in [
          (ColorDepth.colors256, Glyphs.unicode), (.colors8, .unicode), (.colors256, .ascii),
        ] {
          var scenario = Scenario(width: size.width, height: size.height, glyphs: glyphs)
          scenario.state.appearance.colorDepth = depth
          scenario.arrange(situation)
          scenario.press(.character(Character("\(pane.rawValue)")))
          let whole = scenario.screen
          #expect(whole.contains(" \(pane.rawValue) "), "\(situation) \(size)")
          scenario.press(.character("+"))
          let frame = view(scenario.state)
          let text = FrameText.encode(frame)
          #expect(frame.size == size)
          #expect(text.contains(" \(pane.rawValue) "))
          let inside = text.split(separator: "\n").dropFirst(2).dropLast(2)
          #expect(inside.contains { $0.contains(where: \.isLetter) || $0.contains("▀") })
          #expect(glyphs.isASCII ? text.utf8.allSatisfy { $0 < 0x80 } : true)
          #expect(depth == .colors8 ? !text.contains("▀") : true)
          let ansi = FrameANSI.encode(frame, depth: depth)
          #expect(depth == .colors8 ? !ansi.contains("38;5;") : true)
          #expect(!ansi.contains("38;2;"))
        }
      }
    }
  }
}
