import Architecture
import Cells
import Dashboard
import Experiments
import TestSupport
import Testing

/// What the panes and whole screens look like: glyph lines and styles.
@Suite struct ScreenTests {
  @Test(arguments: Pane.allCases)
  func panes(_ pane: Pane) {
    var scenario = Scenario(width: 60, height: 18)
    scenario.listRuns()
    scenario.send(.log(run: Scenario.running, Scenario.imageLog()))
    scenario.send(.log(run: Scenario.running, Scenario.predictionLog(step: 187)))
    expectSnapshot(StyleRuns.encode(view(scenario.state, pane: pane)), named: "pane-\(pane)")
  }

  @Test(arguments: [(80, 24), (120, 40), (160, 50)])
  func screens(width: Int, height: Int) {
    var scenario = Scenario(width: width, height: height)
    scenario.listRuns()
    expectSnapshot(StyleRuns.encode(view(scenario.state)), named: "screen-\(width)x\(height)")
  }

  @Test func firstScreen() {
    expectSnapshot(Scenario(width: 80, height: 24).screen, named: "first-screen")
  }

  @Test func inASCII() {
    var scenario = Scenario(width: 80, height: 24, glyphs: .ascii)
    scenario.listRuns()
    scenario.press(.character("3"))
    #expect(scenario.screen.utf8.allSatisfy { $0 < 0x80 })
    expectSnapshot(scenario.screen, named: "screen-ascii")
  }

  @Test func help() {
    var scenario = Scenario(width: 80, height: 24)
    scenario.press(.character("?"))
    expectSnapshot(scenario.screen, named: "help")
    scenario.press(.escape)
    #expect(scenario.screen == Scenario(width: 80, height: 24).screen)
  }

  @Test func impossibleValues() {
    var experiment = Experiment.standard
    experiment.network = Preset.named("resnext50_32x4d")!.spec
    experiment.network.input = Experiment.standard.network.input
    experiment.network.classes = 10
    experiment.network.stages[0].channels = 8
    var scenario = Scenario(width: 80, height: 24, experiment: experiment)
    expectSnapshot(scenario.screen, named: "impossible")
    scenario.press(.character("t"))
    #expect(scenario.effects.isEmpty && scenario.screen.contains("cannot train this"))
  }

  @Test func stopDialog() {
    var scenario = Scenario(width: 80, height: 24)
    scenario.listRuns()
    scenario.press(.character("x"))
    expectSnapshot(scenario.screen, named: "stop-dialog")
  }

  @Test(arguments: [(79, 24), (80, 23), (20, 5), (3, 2), (1, 1)])
  func tooSmall(width: Int, height: Int) {
    let screen = Scenario(width: width, height: height).screen
    #expect(width < 30 || screen.contains("it has \(width)×\(height)"))
    #expect(width < 30 || screen.contains("needs 80×24"))
  }

  @Test func zoom() {
    var scenario = Scenario(width: 80, height: 24)
    scenario.listRuns()
    scenario.press(.character("2"), .character("+"))
    expectSnapshot(scenario.screen, named: "zoomed-layers")
    scenario.press(.escape)
    #expect(scenario.screen.contains("3 loss"))
  }

  /// Drawing does not depend on anything but the state.
  @Test func drawingRepeats() {
    var a = Scenario()
    var b = Scenario()
    a.listRuns()
    b.listRuns()
    #expect(view(a.state) == view(b.state))
  }
}
