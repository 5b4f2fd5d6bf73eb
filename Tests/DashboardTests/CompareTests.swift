import Architecture
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
      #expect(scenario.screen.contains("best validation accuracy against \(label)"))
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
      entry("log", [0], state: nil), entry("c", [0.75], id: "seed-3"),
      entry("b", [0.5], id: "seed-1_learning_rate-0.1"), entry("b", [0], id: "pre_norm_seed-0"),
      entry("b", [0], id: "pre_relu_seed-0"), entry("b", [0.25], id: "learning_rate-0.1_seed-12"),
    ])
    #expect(
      errors.distributions == [
        RunErrors.Distribution(name: "a", errors: [0.25, 0.5]),
        RunErrors.Distribution(name: "b", errors: [0.25]),
        RunErrors.Distribution(name: "b/x", errors: [0]),
        RunErrors.Distribution(name: "log", errors: [1]),
        RunErrors.Distribution(name: "c", errors: [0.25]),
        RunErrors.Distribution(name: "b/learning_rate-0.1", errors: [0.5, 0.75]),
        RunErrors.Distribution(name: "b/pre_norm", errors: [1]),
        RunErrors.Distribution(name: "b/pre_relu", errors: [1]),
      ])
    let line = try #require(errors.chart(theme: .dark).lines.first)
    #expect(
      line.points.map(\.x) == [0.25, 0.25, 0.5, 0.5] && line.points.map(\.y) == [0, 0.5, 0.5, 1])
    #expect(RunErrors([]).chart(theme: .dark).lines.isEmpty)
  }

  /// Those that no other beats in cost and accuracy; of equals the first.
  @Test func theFrontIsParetos() {
    func item(_ index: Int, _ cost: Double, _ accuracy: Double) -> RunScatter.Item {
      RunScatter.Item(index: index, costs: [cost], accuracies: [accuracy])
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

  /// Runs that differ in their seed alone are one point.
  @Test func seedsAreOnePoint() throws {
    func entry(
      _ id: String, of name: String = "demo", seed: Int, rate: Double, accuracy: Float
    ) throws -> RunEntry {
      var experiment = Experiment.standard
      experiment.seed = UInt64(seed)
      experiment.optimizer.learningRate = rate
      var entry = RunEntry(
        RunListing(
          path: "\(name)/\(id)", experiment: name, id: id, status: nil, state: .finished))
      var poll = Poll()
      poll.events = [
        LogEvent(
          wallTime: 1, step: 0, values: [.text(tag: "run/experiment", text: experiment.yaml())]
        ),
        LogEvent(wallTime: 2, step: 1, values: [.scalar(tag: "accuracy/val", value: accuracy)]),
      ]
      entry.apply(poll)
      return entry
    }
    let scatter = RunScatter(
      [
        try entry("fast_seed-0", seed: 0, rate: 0.1, accuracy: 0.5),
        try entry("slow_seed-0", seed: 0, rate: 0.01, accuracy: 0.25),
        try entry("fast_seed-1", seed: 1, rate: 0.1, accuracy: 0.75),
      ], axis: .macs)
    #expect(scatter.items.map(\.accuracy) == [0.625, 0.25])
    #expect(scatter.items.first?.range == 0.5...0.75)
    #expect(scatter.chart(theme: .dark).labels.map(\.text) == ["fast (2)", "slow_seed-0"])
    // Where the seed is all of their name, or stands first, and beside another experiment.
    let others = RunScatter(
      [
        try entry("seed-0", seed: 0, rate: 0.1, accuracy: 0.5),
        try entry("seed-1", seed: 1, rate: 0.1, accuracy: 0.5),
        try entry("seed-0_rate-1", of: "other", seed: 0, rate: 1, accuracy: 0.25),
        try entry("seed-1_rate-1", of: "other", seed: 1, rate: 1, accuracy: 0.25),
      ], axis: .macs)
    #expect(others.chart(theme: .dark).labels.map(\.text) == ["demo (2)", "other/rate-1 (2)"])
  }

  /// The steps before a fork are its parent's.
  @Test func forksBeginAtTheirStep() throws {
    var entry = RunEntry(
      RunListing(path: "a", experiment: "a", id: "a", status: nil, state: .finished))
    var poll = Poll()
    poll.events = [
      LogEvent(
        wallTime: 1, step: 100,
        values: [.text(tag: "run/experiment", text: Experiment.standard.yaml())]),
      LogEvent(wallTime: 2, step: 101, values: [.scalar(tag: "loss/train", value: 2)]),
      LogEvent(wallTime: 3, step: 110, values: [.scalar(tag: "loss/train", value: 1)]),
    ]
    entry.apply(poll)
    let macs = try #require(AxisPlacing(.macs, of: entry)).x(step: 110, wallTime: 0)
    let plan = try #require(entry.plan)
    #expect(macs == 10 * Double(plan.total.macs * Experiment.standard.data.batch))
    #expect(TrainingCompute(Experiment.standard, entry.history)?.macs(upTo: 110) == macs)
    // Another run in its place is read anew.
    poll.rewound = true
    poll.events[0] = LogEvent(wallTime: 1, step: 0, values: poll.events[0].values)
    poll.events.removeLast(2)
    entry.apply(poll)
    #expect(entry.history.lastStep == 0 && entry.illustrations.pictures.isEmpty)
  }

  /// A difference of accuracies is one in points.
  @Test func changesHaveUnits() {
    func change(_ key: String, _ a: Double?, _ b: Double?) -> String {
      ComparisonText.change(of: key, from: a, to: b)
    }
    #expect(change("accuracy/val last", 0.9228, 0.9209) == "-0.19 points")
    #expect(change("loss/val last", 0.2, 0.25) == "+25.0 %")
    #expect(change("loss/val last", nil, 0.25) == "")
    #expect(ComparisonText.metric("macs", 30_821_248) == "30.82 M")
    #expect(ComparisonText.metric("accuracy/val best", 0.9209) == "92.09 %")
    #expect(ComparisonText.metric("seconds", 832.7) == "13:52")
    #expect(ComparisonText.metric("parameters", 269_434) == "269,434")
  }
}
