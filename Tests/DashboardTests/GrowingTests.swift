import Architecture
import Cells
import EventLog
import Experiments
import Testing

@testable import Dashboard

/// Networks that get blocks while they are trained.
@Suite struct GrowingTests {
  private static func grown(_ stages: Int..., step: Int) -> Poll {
    var poll = Poll()
    let records = stages.map { GrowthRecord(step: step, Growth(stage: $0)) }
    poll.events = [
      LogEvent(
        wallTime: Scenario.start + Double(step) / 40, step: step,
        values: [.text(tag: GrowthRecord.tag, text: GrowthRecord.text(of: records))])
    ]
    return poll
  }

  /// `G` asks first, and grows the stage of the selected layer; elsewhere it is the last.
  @Test func theKeyAsksForTheStageOfTheLayer() {
    var scenario = Scenario()
    scenario.press(.character("G"))
    #expect(scenario.screen.contains("no worker trains the run that is shown"))
    scenario.listRuns()
    scenario.press(.character("3"), .character("G"))
    #expect(scenario.screen.contains("Add a block to layer3"))
    scenario.press(.character("n"))
    #expect(scenario.effects.isEmpty)
    scenario.press(.character("2"), .character("/"))
    scenario.type("layer2.1.conv2")
    scenario.press(.enter, .character("G"))
    #expect(scenario.screen.contains("Add a block to layer2"))
    scenario.press(.enter)
    #expect(scenario.effects == [.control(run: Scenario.running, .grow(Growth(stage: 2)))])
    scenario.type(":grow layer1")
    scenario.press(.enter)
    #expect(scenario.effects.last == .control(run: Scenario.running, .grow(Growth(stage: 1))))
    scenario.type(":grow all")
    scenario.press(.enter)
    #expect(scenario.screen.contains("takes a stage"))
  }

  /// Where a filter leaves no layer, the last stage grows.
  @Test func hiddenLayersDoNotGrow() {
    var scenario = Scenario()
    scenario.listRuns()
    scenario.press(.character("3"), .character("2"), .home, .down, .down, .down, .down, .down)
    scenario.type("/zzz")
    scenario.press(.enter, .character("G"))
    #expect(scenario.screen.contains("Add a block to layer3"))
  }

  /// The layer table has the new rows as soon as the log says so; a look back does not have them yet.
  @Test func theTableGrowsLive() throws {
    var scenario = Scenario(height: 60)
    scenario.listRuns()
    scenario.press(.character("3"))
    let before = try #require(scenario.state.runs.shownEntry?.plan)
    scenario.send(.log(run: Scenario.running, Self.grown(3, step: 700)))
    scenario.press(.character("2"), .end)
    let after = try #require(scenario.state.runs.shownEntry?.plan)
    #expect(after.layers.count == before.layers.count + 7)
    #expect(after.spec.stages.map(\.blocks) == [2, 2, 3])
    #expect(scenario.screen.contains("layer3.2.conv2"))

    var events = Scenario.log(.standard, steps: 700).events
    events += Self.grown(3, step: 500).events
    let recording = Recording(events)
    scenario.press(.character("T"))
    scenario.send(.recorded(run: Scenario.running, recording))
    scenario.type(":goto 499")
    scenario.press(.enter)
    #expect(scenario.state.runs.shownEntry?.plan?.spec.stages.map(\.blocks) == [2, 2, 2])
    scenario.press(.character("."))
    #expect(scenario.state.runs.shownEntry?.plan?.spec.stages.map(\.blocks) == [2, 2, 3])
  }

  /// A fork of a grown run is what it has become, with what is still to come.
  @Test func forksAreWhatTheyHaveBecome() {
    var scenario = Scenario()
    scenario.listRuns()
    var experiment = Experiment.standard
    experiment.grow = [
      ScheduledGrowth(epoch: 3, growth: Growth(stage: 3)),
      ScheduledGrowth(epoch: 5, growth: Growth(stage: 1)),
    ]
    var poll = Scenario.log(experiment, steps: 700)
    poll.rewound = true
    scenario.send(.log(run: Scenario.running, poll))
    scenario.send(.log(run: Scenario.running, Self.grown(3, step: 561)))
    scenario.press(.character("3"), .character("F"))
    let draft = scenario.state.composer.draft
    #expect(draft.network.stages.map(\.blocks) == [2, 2, 3])
    #expect(draft.grow == [ScheduledGrowth(epoch: 5, growth: Growth(stage: 1))])
  }

  /// A log that tells of growths which cannot be leaves the run without a layer table, no more; what is no
  /// growth changes nothing.
  @Test(arguments: [
    ("nonsense", true), ("[]", true), (#"[{"step":1,"stage":9,"blocks":1}]"#, false),
    (#"[{"step":1,"stage":1,"blocks":-5}]"#, false),
    (#"[{"step":1,"stage":1,"blocks":9223372036854775807}]"#, false),
  ])
  func nonsenseIsNoGrowth(text: String, isHarmless: Bool) {
    var scenario = Scenario()
    scenario.listRuns()
    let before = scenario.state.runs.shownEntry?.plan
    #expect(before != nil)
    var poll = Poll()
    poll.events = [
      LogEvent(
        wallTime: Scenario.start, step: 5, values: [.text(tag: GrowthRecord.tag, text: text)])
    ]
    scenario.send(.log(run: Scenario.running, poll))
    scenario.press(.character("2"))
    #expect(scenario.state.runs.shownEntry?.experiment != nil)
    #expect(scenario.state.runs.shownEntry?.plan == (isHarmless ? before : nil))
  }

  /// The composer has a field for what is planned, where there is something.
  @Test func theComposerShowsThePlan() throws {
    var experiment = Experiment.standard
    #expect(!ComposerField.all(of: experiment).contains(.growth))
    experiment.grow = [ScheduledGrowth(epoch: 2, growth: Growth(stage: 3, blocks: 2))]
    #expect(ComposerField.growth.text(of: experiment) == "2:3+2")
    #expect(ComposerField.all(of: experiment).contains(.growth))
    let more = try ComposerField.growth.set("2:3, 4:1+2", in: experiment)
    #expect(more.grow.map(\.epoch) == [2, 4] && more.grow.map(\.growth.blocks) == [1, 2])
    #expect(try ComposerField.growth.set("none", in: experiment).grow.isEmpty)
    for text in ["2", "2:", "0:1", "2:1+0", "2:1+600", "x"] {
      #expect(throws: FieldError.self) { try ComposerField.growth.set(text, in: experiment) }
    }
    // A stage that there is not is the network's rule to say.
    var scenario = Scenario(experiment: try ComposerField.growth.set("2:9", in: experiment))
    #expect(scenario.state.composer.problems.contains { $0.key == "grow" })
    scenario.press(.character("t"))
    #expect(scenario.effects.isEmpty && scenario.screen.contains("there is no stage 9"))
  }
}
