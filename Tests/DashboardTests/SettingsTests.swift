import Architecture
import Cells
import Experiments
import TestSupport
import Testing

@testable import Dashboard

@Suite struct SettingsTests {
  @Test func aSessionBeginsAsTheLastOneEnded() {
    var scenario = Scenario()
    scenario.listRuns()
    scenario.press(.character("3"), .character("X"), .character("S"), .character("O"))
    scenario.press(.character("8"), .character("+"))
    let settings = scenario.state.settings
    var next = Scenario()
    next.state.apply(settings)
    #expect(next.state.settings == settings)
    #expect(next.state.focus == .scalars && next.state.isZoomed)
    // Whoever names a network wants to see it.
    next.state.apply(settings, isComposing: true)
    #expect(next.state.focus == .composer)
    #expect(next.state.charts.axis == .epoch && next.state.charts.smoothing == 0.9)
  }

  /// Of a file that somebody edited, what makes no sense is left out.
  @Test func nonsenseIsLeftOut() {
    var settings = Settings()
    settings.theme = "none"
    settings.charts = Settings.Charts(axis: "months", smoothing: 7, outliers: nil)
    settings.layout = Settings.Layout(focus: "nowhere", front: ["x", "loss", "loss"], zoomed: nil)
    var scenario = Scenario()
    let before = scenario.state.settings
    scenario.state.apply(settings)
    #expect(scenario.state.settings.charts == before.charts)
    #expect(scenario.state.focus == .composer && scenario.state.settings.theme == before.theme)
    // A watching session has no composer to go to.
    settings.layout = Settings.Layout(focus: "composer", front: nil, zoomed: nil)
    var state = State(
      size: Size(width: 80, height: 24), appearance: Appearance(), now: 0, role: .watching)
    state.apply(settings)
    #expect(state.focus == .runs)
  }

  /// What `Y` copies, pane by pane.
  @Test func copies() throws {
    var scenario = Scenario()
    scenario.listRuns()
    func copied(_ keys: Key...) throws -> String {
      for key in keys { scenario.press(key) }
      scenario.press(.character("Y"))
      guard case .copy(let text) = try #require(scenario.effects.last) else { return "" }
      return text
    }
    #expect(try copied(.character("1")).contains("stages"))
    #expect(try copied(.character("2")).hasPrefix("name\tkind\toutput\tparameters\tmacs\nconv1"))
    // Of the block that is drawn: the draft's, or that of the run that is shown.
    let draft = scenario.state.composer.draft.network.line
    #expect(try copied(.character("1"), .character("7")) == draft)
    let wide = try copied(.character("6"), .end, .enter, .character("7"))
    #expect(wide == scenario.state.runs.shownEntry?.plan?.spec.line && wide != draft)
    scenario.press(.character("6"), .home, .enter)
    #expect(try copied(.character("6"), .home) == Scenario.running)
    let values = try copied(.character("3"))
    #expect(values.hasPrefix("run,tag,step,value\n\(Scenario.running),loss/train,700,"))
    let early = try copied(.home)
    #expect(early.contains("loss/train,1,") && !early.contains("loss/val"))
  }

  /// The clipboard has the numbers of the legend, on every axis and of every run.
  @Test func copiesWhatTheLegendSays() throws {
    var scenario = Scenario(width: 160, height: 50)
    scenario.listRuns(steps: 9000)
    scenario.press(.character("6"), .home, .character(" "), .down, .character(" "), .character("3"))
    func expectAgreement() throws {
      scenario.press(.character("Y"))
      guard case .copy(let text) = try #require(scenario.effects.last) else { return }
      let drawing = scenario.state.focusedChart.drawing(
        width: 80, appearance: scenario.state.appearance)
      let legend = drawing.chart.lines.compactMap(\.latest).joined(separator: "/")
      let values = text.split(separator: "\n").dropFirst().compactMap {
        $0.split(separator: ",").last.flatMap { Double($0) }
      }
      #expect(!values.isEmpty)
      for value in values {
        let shown = NumberText.significant(value)
        #expect(legend.contains(shown), "\(shown) of \(legend)")
      }
    }
    for _ in 0..<5 {
      scenario.press(.escape)
      scenario.press(.character("3"))
      try expectAgreement()
      scenario.press(.left, .left, .left)
      try expectAgreement()
      scenario.press(.character("X"))
    }
  }

  @Test func largeLogsAreSeenToBeRead() {
    var scenario = Scenario()
    scenario.listRuns()
    scenario.send(.unread(37_000_000))
    #expect(scenario.screen.contains("reading logs, 37.00 MB left"))
    scenario.send(.unread(0))
    #expect(!scenario.screen.contains("reading logs"))
  }
}
