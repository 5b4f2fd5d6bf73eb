import Architecture
import Cells
import EventLog
import Experiments
import TestSupport
import Testing

@testable import Dashboard

/// A run that is looked at as it was: moved by keys and by time, with screens as a replay has them.
@Suite struct ScrubTests {
  /// A finished run of 1,870 steps, 187 an epoch, with a remark, looked back at.
  private func scenario(width: Int = 120, height: Int = 40) -> Scenario {
    var scenario = Scenario(width: width, height: height)
    scenario.arrange(.finished)
    let remark = LogEvent(
      wallTime: Scenario.start + 10, step: 400,
      values: [.text(tag: "run/control", text: "set learning_rate 0.01")])
    var poll = Poll()
    poll.events = [remark]
    scenario.send(.log(run: Scenario.finished, poll))
    scenario.type("3T")
    #expect(scenario.effects.contains(.record(run: Scenario.finished)))
    scenario.send(.recorded(run: Scenario.finished, Recording(Self.events + [remark])))
    return scenario
  }

  /// A run of 700 steps that goes on, looked back at; another one is listed.
  private func liveScenario() -> Scenario {
    var scenario = Scenario()
    scenario.arrange(.live)
    scenario.type("3T")
    scenario.send(
      .recorded(
        run: Scenario.running, Recording(Scenario.log(.standard, steps: 700).events)))
    return scenario
  }

  private static var events: [LogEvent] {
    var wide = Experiment.standard
    wide.name = "wide"
    wide.network.name = "wide"
    for index in wide.network.stages.indices { wide.network.stages[index].channels *= 2 }
    return Scenario.log(wide, steps: 1870).events
      + Scenario.layerLog(.standard, steps: 1870).events + Scenario.imageLog().events
      + Scenario.predictionLog(step: 187).events
  }

  private func step(_ scenario: Scenario) -> Int? { scenario.state.runs.scrub?.step }

  @Test func showsTheRunAsItWas() {
    var scenario = scenario()
    #expect(step(scenario) == 1870 && scenario.screen.contains("the end"))
    scenario.type(":goto 600")
    scenario.press(.enter)
    let screen = scenario.screen
    expectSnapshot(screen, named: "scrub")
    #expect(screen.contains("looking back step 600/1,870") && screen.contains("in epoch 4"))
    // What is charted is what a replay of that step charts.
    let entry = scenario.state.runs.shownEntry
    #expect(entry?.history.lastStep == 600 && entry?.listing.state == .running)
    var recording = Recording(Self.events)
    #expect(
      entry?.history.series("loss/train") == recording.history(upTo: 600).series("loss/train"))
    // The table has the run as it is, and so has the screen afterwards.
    #expect(scenario.state.runs.liveEntry?.listing.state == .finished)
    scenario.press(.escape)
    #expect(
      scenario.state.runs.scrub == nil && scenario.state.runs.shownEntry?.history.lastStep == 1870)
  }

  @Test func narrowScreensSayWhereItIs() {
    var scenario = scenario(width: 80, height: 24)
    scenario.type("[")
    let header = scenario.screen.split(separator: "\n")[0]
    #expect(header.contains("step 1,683/1,870") && header.contains("end of epoch 9"))
  }

  @Test func stepsAndMarkers() {
    var scenario = scenario()
    scenario.type(",,.")
    #expect(step(scenario) == 1869)
    scenario.type("[")
    #expect(step(scenario) == 1683)
    var seen: [Int] = []
    while let step = step(scenario), step > 0 {
      seen.append(step)
      scenario.type("[")
    }
    // Epochs, the remark, and the end of each way.
    #expect(Set(seen).isSuperset(of: [1683, 1496, 1309, 1122, 935, 748, 561, 400, 374, 187]))
    #expect(seen == seen.sorted(by: >))
    scenario.type("[")
    #expect(scenario.screen.contains("this is the beginning"))
    scenario.type("]]]")
    #expect(step(scenario) == 400)
    let markers = scenario.state.runs.scrub?.markers ?? []
    #expect(markers.contains { $0.text.contains("set learning_rate 0.01") && $0.step == 400 })
    #expect(markers.contains { $0.text.contains("best accuracy/val") })
    #expect(markers.contains { $0.text.contains("lowest loss/val") })
    #expect(markers.first?.step == 0 && markers.last?.step == 1870)
  }

  /// A played run goes by the clock of the messages, from the beginning to the end, and stands there.
  @Test func playsByTheClock() {
    var scenario = scenario()
    scenario.type(" ")
    #expect(step(scenario) == 0 && scenario.state.isPlaying)
    // Recorded at 40 steps a second, played twice as fast: 1,870 steps in 47 s would be too slow.
    #expect(scenario.state.runs.scrub?.speedText == "2×")
    var now = Scenario.start + 5000
    scenario.send(.time(now))
    #expect(step(scenario) == 0)
    now += 0.5
    scenario.send(.time(now))
    #expect((38...42).contains(step(scenario) ?? 0))
    scenario.type(">")
    now += 0.5
    scenario.send(.time(now))
    #expect((135...145).contains(step(scenario) ?? 0))
    // A clock that leaps, either way, does not take the run along.
    let before = step(scenario) ?? 0
    now += 86_400
    scenario.send(.time(now))
    #expect((step(scenario) ?? 0) - before <= 201)
    now -= 200_000
    scenario.send(.time(now))
    let after = step(scenario)
    scenario.type(" ")
    now += 1
    scenario.send(.time(now))
    #expect(step(scenario) == after && !scenario.state.isPlaying)
    scenario.type(" ")
    for _ in 0..<40 {
      now += 1
      scenario.send(.time(now))
    }
    #expect(step(scenario) == 1870 && !scenario.state.isPlaying)
    scenario.type("<<<")
    #expect(scenario.screen.contains("this is as it was recorded"))
  }

  /// What is done to a run is done to the run as it is.
  @Test func actsOnTheRunAsItIs() {
    var scenario = liveScenario()
    scenario.type(":goto 100")
    scenario.press(.enter)
    scenario.type("P")
    #expect(scenario.effects.last == .control(run: Scenario.running, .pause))
    // It goes on growing meanwhile.
    var poll = Poll()
    poll.events = [
      LogEvent(
        wallTime: Scenario.start + 18, step: 701,
        values: [.scalar(tag: "loss/train", value: 0.5)])
    ]
    scenario.send(.log(run: Scenario.running, poll))
    #expect(scenario.state.runs.shownEntry?.history.lastStep == 100)
    #expect(scenario.state.runs.liveEntry?.history.lastStep == 701)
    // Its log begins anew: there is nothing to look back at.
    poll.rewound = true
    scenario.send(.log(run: Scenario.running, poll))
    #expect(scenario.state.runs.scrub == nil)
  }

  /// Runs that are compared meanwhile are drawn as they are.
  @Test func comparesRunsAsTheyAre() {
    var scenario = liveScenario()
    for _ in 0..<5 { scenario.press(.character("[")) }
    #expect((scenario.state.runs.shownEntry?.history.lastStep ?? 0) < 700)
    var runs = scenario.state.runs
    runs.overlay([Scenario.finished, Scenario.running])
    #expect(runs.charted.map(\.listing.path) == [Scenario.finished, Scenario.running])
    #expect(runs.charted.map(\.history.lastStep).max() == 1870)
    #expect(runs.charted[1].history.lastStep == 700)
  }

  /// Another run that is shown is shown as it is.
  @Test func endsWithAnotherRun() {
    var scenario = liveScenario()
    #expect(scenario.state.runs.scrub != nil)
    scenario.type("6")
    scenario.press(.end, .enter)
    #expect(scenario.state.runs.shown == Scenario.finished)
    #expect(scenario.state.runs.scrub == nil)
  }

  /// A log may tell any step and any number of epochs.
  @Test(arguments: [Int.max, 1 << 52, 1_000_000_000_000])
  func largeStepsAreLookedAt(last: Int) {
    let info = """
      {"batch":64,"isa":"AVX2","onednn":"2.6.3","steps_per_epoch":1,"threads":2,"total_steps":9,\
      "training_images":64,"validation_images":64,"version":"0.1.0"}
      """
    let events = [
      LogEvent(wallTime: 1, step: 0, values: [.text(tag: "run/info", text: info)]),
      LogEvent(wallTime: 2, step: 3, values: [.scalar(tag: "loss/train", value: 2)]),
      LogEvent(wallTime: 3, step: last, values: [.scalar(tag: "loss/train", value: 1)]),
    ]
    var scenario = Scenario()
    scenario.arrange(.finished)
    var poll = Poll()
    poll.rewound = true
    poll.events = events
    scenario.send(.log(run: Scenario.finished, poll))
    scenario.type("3T")
    scenario.send(.recorded(run: Scenario.finished, Recording(events)))
    #expect(step(scenario) == min(last, LogEvent.stepLimit))
    #expect((scenario.state.runs.scrub?.markers.count ?? .max) < 10)
    scenario.type("[ >>>>")
    scenario.send(.time(Scenario.start + 1))
    scenario.send(.time(Scenario.start + 2))
    #expect(scenario.screen.contains("looking back"))
  }

  @Test func replaysSayHowElse() {
    var history = RunHistory()
    history.apply(Scenario.log(.standard, steps: 50))
    var state = Replay.state(
      path: "a/runs/b", status: nil, history: history, isComplete: true,
      size: Size(width: 100, height: 30), appearance: Appearance())
    #expect(update(&state, .input(.key(.character("T")))).isEmpty)
    #expect(FrameText.encode(view(state)).contains("--at-step"))
  }
}
