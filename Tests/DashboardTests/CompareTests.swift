import Cells
import EventLog
import Experiments
import TestSupport
import Testing

@testable import Dashboard

/// Runs side by side: their curves, what differs, and what their accuracy costs.
@Suite struct CompareTests {
  private func scenario() -> Scenario {
    var scenario = Scenario(width: 120, height: 40)
    scenario.listRuns()
    scenario.press(.character("6"), .home, .character(" "), .down, .character(" "))
    scenario.press(.character("c"))
    return scenario
  }

  @Test func curvesStandAboveDifferences() {
    var scenario = scenario()
    expectSnapshot(scenario.screen, named: "compare-curves")
    // Small screens have the table alone.
    scenario.send(.input(.resize(Size(width: 80, height: 24))))
    #expect(scenario.screen.contains("stages[0].channels"))
  }

  @Test func scattersByEachCost() {
    var scenario = scenario()
    scenario.press(.character("v"))
    expectSnapshot(scenario.screen, named: "compare-scatter")
    for label in ["MACs", "seconds"] {
      scenario.press(.character("v"))
      #expect(scenario.screen.contains("best accuracy against \(label)"))
    }
    scenario.press(.character("v"))
    expectSnapshot(scenario.screen, named: "compare-errors")
    scenario.press(.character("v"))
    #expect(scenario.screen.contains("settings"))
    scenario.press(.escape)
    #expect(scenario.state.overlay == nil)
  }

  /// Where nothing is composed, `c` compares all runs if none are marked.
  @Test func unmarkedRunsAreComparedWhereNothingIsComposed() {
    let runs = [("a", 300), ("b", 400), ("c", 500)].map { name, steps in
      var history = RunHistory()
      history.apply(Scenario.log(.standard, steps: steps))
      return Replay.Run(
        path: "experiments/\(name)/runs/1", status: nil, history: history, isComplete: true)
    }
    var state = Replay.state(
      of: runs, size: Size(width: 140, height: 40), appearance: Appearance())
    _ = update(&state, .input(.key(.character("c"))))
    #expect(state.comparedRuns.map(\.listing.experiment) == ["c", "b", "a"])
    let screen = FrameText.encode(view(state))
    #expect(screen.contains("metrics") && screen.contains("steps"), "\(screen)")
  }

  /// A step at each run, for each experiment apart; runs without an accuracy are left out.
  @Test func errorsAreDistributed() throws {
    func entry(
      _ experiment: String, _ accuracies: [Float], id: String = "1",
      state: RunStatus.EffectiveState? = .finished
    ) -> RunEntry {
      var entry = RunEntry(
        RunListing(path: experiment, experiment: experiment, id: id, status: nil, state: state))
      var poll = Poll()
      poll.events = accuracies.enumerated().map {
        LogEvent(
          wallTime: 1, step: $0.offset, values: [.scalar(tag: "accuracy/val", value: $0.element)])
      }
      entry.apply(poll)
      return entry
    }
    let errors = RunErrors([
      entry("a", [0.9, 0.5]), entry("b", [0.75]), entry("a", [0.25, 0.75]), entry("a", []),
      entry("a", [.nan]), entry("a", [0.1], state: .running), entry("b", [1], id: "x_seed-1"),
      entry("log", [0], state: nil),
    ])
    #expect(
      errors.distributions == [
        RunErrors.Distribution(name: "a", errors: [0.25, 0.5]),
        RunErrors.Distribution(name: "b", errors: [0.25]),
        RunErrors.Distribution(name: "b/x", errors: [0]),
        RunErrors.Distribution(name: "log", errors: [1]),
      ])
    let line = try #require(errors.chart(theme: .dark).lines.first)
    #expect(
      line.points.map(\.x) == [0.25, 0.25, 0.5, 0.5] && line.points.map(\.y) == [0, 0.5, 0.5, 1])
    #expect(RunErrors([]).chart(theme: .dark).lines.isEmpty)
  }

  /// Those that no other beats in cost and accuracy; of equals the first.
  @Test func theFrontIsParetos() {
    func item(_ index: Int, _ cost: Double, _ accuracy: Double) -> RunScatter.Item {
      RunScatter.Item(index: index, cost: cost, accuracy: accuracy)
    }
    let items = [
      item(0, 1, 0.5), item(1, 2, 0.4), item(2, 2, 0.4), item(3, 3, 0.9), item(4, 4, 0.9),
      item(5, 9, 0.95),
    ]
    #expect(RunScatter.front(items).map(\.index) == [0, 3, 5])
    #expect(RunScatter.front([]).isEmpty)
    for item in items {
      let isBeaten = items.contains {
        $0.cost <= item.cost && $0.accuracy >= item.accuracy
          && ($0.cost, $0.accuracy) != (item.cost, item.accuracy)
      }
      #expect(RunScatter.front(items).contains(item) != isBeaten || item.index == 2)
    }
  }
}
