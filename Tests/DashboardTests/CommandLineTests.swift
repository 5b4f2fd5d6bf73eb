import Cells
import Experiments
import TestSupport
import Testing

@testable import Dashboard

/// What is typed behind `:`, and messages to workers.
@Suite struct CommandLineTests {
  private func scenario() -> Scenario {
    var scenario = Scenario()
    scenario.listRuns()
    return scenario
  }

  private func run(_ text: String, _ scenario: inout Scenario) {
    scenario.press(.character(":"))
    scenario.type(text)
    scenario.press(.enter)
  }

  @Test(arguments: [
    ("pause", ControlMessage.pause), ("checkpoint", .checkpoint), ("stop", .stop),
    ("set learning_rate 0.01", .setLearningRate(0.01)),
  ])
  func messagesGoToTheShownRun(text: String, message: ControlMessage) {
    var scenario = scenario()
    run(text, &scenario)
    #expect(scenario.effects == [.control(run: Scenario.running, message)])
    #expect(scenario.screen.contains("asked for: \(message.text)"))
    // A run that has ended has no worker.
    var ended = self.scenario()
    ended.press(.character("6"), .end, .enter)
    run(text, &ended)
    #expect(ended.effects.isEmpty && ended.screen.contains("no worker trains"))
  }

  @Test func keysPauseAndGoOn() {
    var scenario = scenario()
    scenario.press(.character("P"))
    #expect(scenario.effects == [.control(run: Scenario.running, .pause)])
    var listings = scenario.state.runs.entries.map(\.listing)
    listings[0].state = .paused
    scenario.send(.runs(listings))
    #expect(scenario.screen.contains("paused"))
    scenario.press(.character("P"), .character("C"))
    #expect(
      scenario.effects.suffix(2) == [
        .control(run: Scenario.running, .resume), .control(run: Scenario.running, .checkpoint),
      ])
  }

  @Test func changesCharts() {
    var scenario = scenario()
    run("smooth 0.95", &scenario)
    run("axis elapsed", &scenario)
    run("goto 321", &scenario)
    run("theme light", &scenario)
    run("pane accuracy", &scenario)
    #expect(scenario.state.charts.smoothing == 0.95 && scenario.state.charts.axis == .relative)
    #expect(scenario.state.charts.cursor == 321 && scenario.state.appearance.theme.name == "light")
    #expect(scenario.state.focus == .accuracy)
  }

  @Test(arguments: [
    ("pasue", "did you mean pause?"), ("smooth 2", "from 0 to below 1"),
    ("smooth", "smooth takes WEIGHT"), ("quit now", "quit stands alone"),
    ("axis month", "it can be step, epoch"), ("goto there", "goto takes a step"),
    ("theme drak", "did you mean dark?"), ("set learning_rate x", "no learning rate"),
  ])
  func saysWhatIsWrong(text: String, reason: String) {
    var scenario = scenario()
    run(text, &scenario)
    #expect(scenario.screen.contains(reason))
    #expect(scenario.effects.isEmpty)
  }

  @Test func completes() {
    #expect(Command.completions(of: "s") == ["stop", "set", "smooth"])
    #expect(Command.completions(of: "axis e") == ["axis epoch", "axis elapsed"])
    #expect(Command.completions(of: "smooth ").isEmpty)
    var scenario = scenario()
    scenario.press(.character(":"))
    scenario.type("ch")
    scenario.press(.tab)
    #expect(scenario.state.prompt?.text == "checkpoint")
    scenario.press(.control("u"))
    scenario.type("ax")
    scenario.press(.tab)
    #expect(scenario.state.prompt?.text == "axis ")
    scenario.type("el")
    scenario.press(.tab, .enter)
    #expect(scenario.state.charts.axis == .relative)

    // All of them, on the smallest screen too.
    scenario.send(.input(.resize(Size(width: 80, height: 24))))
    scenario.press(.character(":"), .tab)
    for command in Command.all { #expect(scenario.screen.contains(command.name)) }
    scenario.type("q")
    #expect(!scenario.screen.contains("any key"))
  }

  @Test func recallsCommands() {
    var scenario = scenario()
    run("smooth 0.5", &scenario)
    run("goto 10", &scenario)
    scenario.press(.character(":"), .up)
    #expect(scenario.state.prompt?.text == "goto 10")
    scenario.press(.up, .up)
    #expect(scenario.state.prompt?.text == "smooth 0.5")
    scenario.press(.down, .down)
    #expect(scenario.state.prompt?.text == "")
    scenario.press(.up, .up, .enter)
    #expect(scenario.state.charts.smoothing == 0.5 && scenario.state.commandHistory.count == 2)
  }

  /// Every command stands in the table once, and what it may be given last does something.
  @Test func everyCommandDoesSomething() throws {
    #expect(Set(Command.all.map(\.name)).count == Command.all.count)
    let choosing = Command.all.filter { $0.choices?.isEmpty == false }
    #expect(choosing.map(\.name).sorted() == ["axis", "pane", "set", "theme"])
    for command in choosing {
      var scenario = scenario()
      func facts() -> [String] {
        let state = scenario.state
        return [
          "\(scenario.effects.count)", "\(state.charts.axis)", "\(state.focus)",
          state.appearance.theme.name,
        ]
      }
      let before = facts()
      let choice = try #require(command.choices?.last)
      run("\(command.name) \(choice)\(command.name == "set" ? " 0.1" : "")", &scenario)
      #expect(scenario.state.notice?.isError != true, "\(command.name)")
      #expect(facts() != before, "\(command.name)")
    }
  }
}
