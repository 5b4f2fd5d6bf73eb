import Cells
import EventLog
import Experiments
import Pictures
import TestSupport
import Testing

@testable import Dashboard

@Suite struct PredictionsPaneTests {
  private func scenario(
    width: Int = 80, height: Int = 30, glyphs: Glyphs = .unicode, predictions: Bool = true
  ) -> Scenario {
    var scenario = Scenario(width: width, height: height, glyphs: glyphs)
    scenario.listRuns()
    scenario.send(.log(run: Scenario.running, Scenario.imageLog()))
    if predictions {
      scenario.send(.log(run: Scenario.running, Scenario.predictionLog(step: 187)))
    }
    scenario.press(.character("9"), .character("+"))
    return scenario
  }

  private func press(_ scenario: inout Scenario, to view: PredictionsView) {
    while scenario.state.predictionsView != view { scenario.press(.character("v")) }
  }

  @Test(arguments: PredictionsView.allCases)
  func views(_ view: PredictionsView) {
    var scenario = scenario()
    press(&scenario, to: view)
    expectSnapshot(scenario.screen, named: "predictions-\(view.rawValue)")
  }

  @Test func inASCII() {
    let scenario = scenario(glyphs: .ascii)
    #expect(scenario.screen.utf8.allSatisfy { $0 < 0x80 })
    expectSnapshot(scenario.screen, named: "predictions-ascii")
  }

  /// Each view says what it waits for.
  @Test func waiting() {
    var text = ""
    for prepare: (inout Scenario) -> Void in [
      { _ in }, { $0.listRuns() },
      {
        $0.listRuns()
        $0.send(.log(run: Scenario.running, Scenario.imageLog()))
      },
    ] {
      var scenario = Scenario(width: 80, height: 24)
      prepare(&scenario)
      scenario.press(.character("9"))
      for view in PredictionsView.allCases {
        scenario.state.predictionsView = view
        text += FrameText.encode(Dashboard.view(scenario.state, pane: .predictions))
          .split(separator: "\n").filter { $0.contains { $0.isLetter } }.joined(separator: "\n")
        text += "\n"
      }
    }
    expectSnapshot(text, named: "predictions-waiting")
  }

  /// The most confident mistake comes first.
  @Test func mistakesAreSorted() throws {
    var scenario = scenario(width: 160, height: 50)
    press(&scenario, to: .mistakes)
    let rows = scenario.screen.split(separator: "\n")
    let percents = rows.filter { $0.contains("✗") }.flatMap { row in
      row.matches(of: /(\d+)%/).compactMap { Int($0.1) }
    }
    #expect(percents.count > 4 && percents == percents.sorted(by: >))
  }

  /// Scrolling ends where the last image is on the screen, and begins anew in another view.
  @Test func scrolling() {
    var scenario = scenario()
    scenario.press(.end)
    #expect(scenario.state.scroll[.predictions] == 14)
    scenario.press(.up)
    #expect(scenario.state.scroll[.predictions] == 13)
    scenario.press(.home)
    #expect(scenario.state.scroll[.predictions] == 0)
    scenario.press(.pageDown, .character("v"))
    #expect(scenario.state.scroll[.predictions] == 0)
  }

  /// The images of another program's log are a gallery with their tags.
  @Test func foreignImages() {
    var scenario = Scenario(width: 80, height: 30)
    scenario.listRuns()
    var poll = Poll()
    let picture = Picture(
      width: 8, height: 4, channels: 3,
      pixels: (0..<96).map { UInt8($0 % 3 == 0 ? 255 : 40) })
    for (tag, bytes) in [("generated/cat", picture.png), ("generated/torn", [1, 2, 3])] {
      poll.events.append(
        LogEvent(
          wallTime: Scenario.start, step: 9,
          values: [
            .image(tag: tag, LogImage(width: 8, height: 4, channels: 3, bytes: bytes))
          ]))
    }
    scenario.send(.log(run: Scenario.running, poll))
    scenario.press(.character("9"), .character("+"))
    expectSnapshot(scenario.screen, named: "predictions-foreign")
  }

  /// A later validation takes the place of an earlier one; only the run on the screen is decoded.
  @Test func theLatestIsShown() {
    var scenario = scenario()
    #expect(scenario.screen.contains("at step 187") && scenario.screen.contains("% right"))
    let before = scenario.screen
    scenario.send(.log(run: Scenario.running, Scenario.predictionLog(step: 374)))
    #expect(scenario.screen != before && scenario.screen.contains("at step 374"))
    let entries = scenario.state.runs.entries
    #expect(entries.count(where: { $0.illustrations.predictions != nil }) == 1)
  }

  /// What is copied is the whole matrix.
  @Test func copiesTheMatrix() throws {
    var scenario = scenario()
    scenario.press(.character("Y"))
    let copied = scenario.effects.compactMap { if case .copy(let text) = $0 { text } else { nil } }
    let text = try #require(copied.last)
    let lines = text.split(separator: "\n")
    #expect(lines.count == 11 && lines[0].hasPrefix("\tdisk\t"))
    #expect(lines.allSatisfy { $0.count(where: { $0 == "\t" }) == 10 })
  }

  /// At every size the pane draws within itself.
  @Test func everySize() {
    for (width, height) in [(80, 24), (81, 25), (110, 34), (150, 40), (200, 60), (500, 200)] {
      var scenario = scenario(width: width, height: height)
      for isZoomed in [true, false] {
        scenario.press(.character(isZoomed ? "+" : "_"))
        for _ in PredictionsView.allCases {
          scenario.press(.character("v"))
          #expect(view(scenario.state).size == scenario.state.size)
        }
      }
    }
  }
}
