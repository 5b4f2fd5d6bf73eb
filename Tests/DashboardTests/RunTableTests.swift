import Cells
import EventLog
import Experiments
import TestSupport
import Testing

@testable import Dashboard

/// The table of runs: what it shows, in which order, and which runs a query means.
@Suite struct RunTableTests {
  private func scenario(width: Int = 120, height: Int = 40) -> Scenario {
    var scenario = Scenario(width: width, height: height)
    scenario.listRuns()
    scenario.press(.character("6"), .home)
    return scenario
  }

  private func names(_ scenario: Scenario) -> [String] {
    RunRows(scenario.state).order.map { scenario.state.runs.entries[$0].listing.experiment }
  }

  @Test func looksAsBefore() {
    var scenario = scenario()
    scenario.press(.character(" "), .down, .character("b"), .character("+"))
    expectSnapshot(scenario.screen, named: "runs-zoomed")
  }

  @Test(arguments: [
    ("wide", ["wide"]), ("run", ["first-run"]), ("state:running", ["first-run"]),
    ("experiment:wi", ["wide"]), ("block:basic", ["first-run", "wide"]), ("block:bottleneck", []),
    ("params>500k", ["wide"]),
    ("accuracy>=90%", ["wide"]), ("accuracy>=90", ["wide"]), ("best>=90%", ["wide"]),
    ("parameters>500k", ["wide"]), ("state=running", ["first-run"]), ("accuracy>wide", []),
    ("accuracy<0.9 step>600", ["first-run"]),
    ("learning_rate=0.05 wide", ["wide"]), ("loss/val<0.2", ["wide"]), ("nonsense>3", []),
    ("epoch=10", ["wide"]), (">3", []), ("a>b", []),
  ])
  func queriesMeanRuns(query: String, expected: [String]) {
    var scenario = scenario()
    scenario.press(.character("/"))
    scenario.type(query)
    #expect(names(scenario) == expected)
    scenario.press(.enter)
    // Keys go to what is shown.
    scenario.press(.enter)
    if let first = expected.first {
      #expect(scenario.state.runs.shownEntry?.listing.experiment == first)
    } else {
      let names = RunQuery(query).unknownNames(in: scenario.state.runs.entries)
      #expect(
        scenario.screen.contains(
          names.isEmpty ? "No run matches" : "No run has \(names.joined(separator: " or "))"))
    }
    scenario.press(.escape)
    #expect(names(scenario).count == 2)
  }

  /// Each item of a list is a value, and what was chosen comes before what it has become.
  @Test(arguments: [
    ("augment:flip", true), ("augment:translate", true), ("augment:crop", false),
    ("learning_rate=0.2", true), ("learning_rate=0.05", false), ("activations>1", true),
  ])
  func settingsAreMeant(query: String, expected: Bool) {
    var experiment = Experiment.standard
    experiment.data.augment = [.flip, .translate]
    experiment.optimizer.learningRate = 0.2
    var entry = RunEntry(
      RunListing(path: "a", experiment: "a", id: "1", status: nil, state: .finished))
    entry.apply(Scenario.log(experiment, steps: 10))
    #expect(RunQuery(query).matches(entry) == expected)
  }

  /// What no run has is not what none has in that way.
  @Test(arguments: [
    ("block:bottleneck", []), ("blok:basic", ["blok"]), ("accuracy>2", []),
    ("nonsense>3 blok:a wide", ["nonsense", "blok"]), ("accuracy>much", ["accuracy>much"]),
  ])
  func misspeltNamesAreSaid(query: String, expected: [String]) {
    #expect(RunQuery(query).unknownNames(in: scenario().state.runs.entries) == expected)
  }

  @Test func sortsAndReverses() {
    var scenario = scenario()
    while scenario.state.runView.sort != .best { scenario.press(.character("s")) }
    #expect(names(scenario) == ["wide", "first-run"])
    scenario.press(.character("r"))
    #expect(names(scenario) == ["first-run", "wide"])
    while scenario.state.runView.sort != nil { scenario.press(.character("s")) }
    #expect(names(scenario) == ["first-run", "wide"])
  }

  @Test func hides() {
    var scenario = scenario()
    scenario.press(.character("H"))
    #expect(names(scenario) == ["wide"] && scenario.screen.contains("1 of 2"))
    scenario.press(.character("A"))
    #expect(names(scenario).count == 2)
    // Hiding what is hidden shows it again.
    scenario.press(.home, .character("H"), .character("A"))
    #expect(names(scenario).count == 2)
    scenario.press(.home, .character("H"), .character("H"))
    #expect(names(scenario).isEmpty && scenario.screen.contains("All runs are hidden"))
  }

  @Test func differencesToABaseline() {
    var scenario = scenario()
    scenario.press(.character("b"))
    let entries = scenario.state.runs.entries
    let points = ((entries[1].number(.best) ?? 0) - (entries[0].number(.best) ?? 0)) * 100
    #expect(scenario.screen.contains("+" + NumberText.fixed(points, decimals: 1)))
    scenario.press(.character("b"))
    #expect(scenario.state.runs.baseline == nil)
  }

  @Test func deletesAfterAQuestion() {
    var scenario = scenario()
    // One at work is not deleted.
    scenario.press(.character("D"))
    #expect(scenario.screen.contains("its worker is at work") && scenario.state.overlay == nil)
    scenario.press(.down, .character("D"))
    #expect(scenario.screen.contains("gone for good"))
    scenario.press(.escape)
    #expect(scenario.effects.isEmpty)
    scenario.press(.delete, .character("y"))
    #expect(scenario.effects == [.delete(run: Scenario.finished)])
  }

  /// Words go to the worker where there is one, else into the log.
  @Test func annotates() throws {
    var scenario = scenario()
    let note = try #require(RunAnnotation(.note, "too hot"))
    for _ in 0..<2 {
      scenario.press(.character(":"))
      scenario.type("note too hot")
      scenario.press(.enter, .down)
    }
    #expect(
      scenario.effects == [
        .control(run: Scenario.running, .annotate(note)),
        .annotate(run: Scenario.finished, note),
      ])
  }

  /// Names and notes come from the log.
  @Test func namesAndNotesAreShown() {
    var scenario = scenario()
    var poll = Poll()
    poll.events = [
      LogEvent(wallTime: 1, step: 700, values: [.text(tag: "run/name", text: "my best")]),
      LogEvent(wallTime: 1, step: 700, values: [.text(tag: "run/note", text: "too hot")]),
    ]
    scenario.send(.log(run: Scenario.running, poll))
    scenario.press(.character("+"))
    #expect(scenario.screen.contains("my best") && scenario.screen.contains("too hot"))
    scenario.press(.character("/"))
    scenario.type("hot")
    #expect(names(scenario) == ["first-run"])
  }

  /// `F` takes the shown run's experiment to go on with what it has learned, up to the cursor; the training
  /// that begins is a fork, the next one is none.
  @Test func forks() {
    var scenario = Scenario()
    scenario.press(.character("F"))
    #expect(scenario.screen.contains("there is no run to fork"))
    scenario.listRuns()
    scenario.press(.character("6"), .down, .character("F"))
    #expect(scenario.state.fork == Fork(run: Scenario.finished))
    #expect(scenario.state.composer.draft.name == "wide" && scenario.screen.contains(" fork "))
    scenario.press(.character("F"))
    #expect(scenario.state.fork == nil && scenario.screen.contains("weights that are drawn"))

    // Of another run while there is a fork, it is one of that.
    scenario.press(.character("F"), .character("3"))
    #expect(scenario.state.fork?.run == Scenario.running)
    scenario.press(.character("6"), .end, .character("F"))
    #expect(scenario.state.fork?.run == Scenario.finished)
    scenario.press(.character("6"), .end, .character("F"))
    #expect(scenario.state.fork == nil)

    scenario.press(.character("3"), .home, .end, .character("F"))
    #expect(scenario.state.fork == Fork(run: Scenario.running, step: 700))
    let draft = scenario.state.composer.draft
    scenario.press(.character("t"), .character("w"))
    #expect(
      scenario.effects == [
        .enqueue(draft, from: Fork(run: Scenario.running, step: 700))
      ])
    #expect(scenario.state.fork == nil)
    scenario.press(.character("t"), .enter)
    #expect(scenario.effects.last == .start(draft))

    // One that fails can be mended.
    scenario.press(.character("F"), .character("t"), .enter)
    scenario.send(.failed("first-run/2: its log cannot be read"))
    #expect(scenario.state.fork == nil)
    scenario.send(.lost(run: "wide/7", "epochs: 2 end at step 200, and the fork begins after it"))
    #expect(scenario.state.fork == Fork(run: Scenario.running, step: 700))
    // One that was queued too.
    scenario.press(.character("t"), .character("w"))
    #expect(scenario.state.fork == nil)
    scenario.send(.lost(run: "", "experiments/first-run: cannot be written: the disk is full"))
    #expect(scenario.state.fork == Fork(run: Scenario.running, step: 700))

    // One that has begun is over and done with, whatever fails after it.
    var crashed = Scenario()
    crashed.arrange(.error)
    crashed.press(.character("6"), .character("F"), .character("t"))
    #expect(crashed.effects.count == 1)
    crashed.send(.started(run: Scenario.running))
    crashed.arrange(.error)
    crashed.press(.character("6"), .character("R"))
    #expect(crashed.effects.last == .resume(run: Scenario.running))
    crashed.send(.lost(run: Scenario.running, "its log is gone"))
    #expect(crashed.state.fork == nil)
  }

  /// `R` goes on with a run that came to no end; one at work, and one at its end, say why not.
  @Test func resumes() {
    var scenario = Scenario()
    scenario.arrange(.error)
    scenario.press(.character("6"), .character("R"))
    #expect(scenario.effects == [.resume(run: Scenario.running)])

    var other = Scenario()
    other.listRuns()
    other.press(.character("6"), .character("R"))
    #expect(other.effects.isEmpty && other.screen.contains("its worker is at work"))

    // While its worker is being started, and where none ever was, neither.
    scenario.press(.character("R"))
    #expect(scenario.effects.count == 1 && scenario.screen.contains("is being started"))
    var listing = scenario.state.runs.entries[0].listing
    listing.status?.totalSteps = 0
    listing.status?.state = .stopped
    listing.state = .stopped
    scenario.send(.runs([listing]))
    scenario.press(.character("R"))
    #expect(scenario.effects.count == 1 && scenario.screen.contains("it never began"))
  }

  /// What waits for its turn has no step to finish.
  @Test func stoppingTheQueue() {
    var scenario = Scenario()
    scenario.listRuns()
    var listing = scenario.state.runs.entries[0].listing
    listing.state = .queued
    scenario.send(.runs([listing]))
    scenario.press(.character("x"))
    #expect(scenario.screen.contains("It leaves the queue"))
    scenario.press(.enter)
    #expect(scenario.effects == [.stop(run: listing.path)])
  }

  /// The next one takes the place of a run that is gone.
  @Test func deletionKeepsThePlace() throws {
    var scenario = Scenario()
    scenario.listRuns()
    let last = try #require(scenario.state.runs.entries.last?.listing)
    var others = (1...3).map { index in
      var other = last
      other.path = "experiments/wide/runs/\(index)"
      other.id = "\(index)"
      other.began = index
      return other
    }
    scenario.send(.runs(others))
    scenario.press(.character("6"), .home, .down)
    #expect(scenario.state.selectedRun?.listing.id == "2")
    others.remove(at: 1)
    scenario.send(.runs(others))
    #expect(scenario.state.selectedRun?.listing.id == "1")
  }

  /// A run that is at its end is forked with room to go on; one that crashed is found by that word.
  @Test func forksOfFinishedRuns() {
    var scenario = Scenario()
    scenario.arrange(.finished)
    scenario.press(.character("6"), .character("F"))
    #expect(scenario.state.composer.draft.epochs == 2 * Experiment.standard.epochs)
    #expect(scenario.screen.contains("twice the epochs"))

    // From the middle there is enough to do.
    var middle = Scenario()
    middle.arrange(.finished)
    middle.press(.character("3"), .left, .left, .left, .character("F"))
    #expect(middle.state.fork?.step.map { $0 < 1870 } == true)
    #expect(middle.state.composer.draft.epochs == Experiment.standard.epochs)

    var crashed = Scenario()
    crashed.arrange(.error)
    crashed.press(.character("6"), .character("/"))
    crashed.type("state:crashed")
    crashed.press(.enter)
    #expect(RunRows(crashed.state).order.count == 1)
  }

  /// A pause of hours between two steps is no part of a run's speed.
  @Test func speedLeavesOutPauses() throws {
    var entry = RunEntry(
      RunListing(path: "a", experiment: "a", id: "1", status: nil, state: .running))
    var poll = Poll()
    for step in 1...40 {
      let time = Double(step) / 10 + (step > 20 ? 3600 : 0)
      poll.events.append(
        LogEvent(wallTime: time, step: step, values: [.scalar(tag: "loss/train", value: 1)]))
    }
    entry.apply(poll)
    #expect(abs(try #require(entry.stepsPerSecond) - 10) < 1e-6)
  }

  /// The newest is the one that began last, whatever it is called.
  @Test func theNewestBeganLast() {
    var scenario = Scenario()
    let runs = [("20260921-120000", 30), ("plain-56", 20), ("sample-9", 10), ("waiting", nil)]
    scenario.send(
      .runs(
        runs.map { id, began in
          RunListing(
            path: "experiments/x/runs/\(id)", experiment: "x", id: id, status: nil,
            state: .finished, began: began)
        }))
    #expect(scenario.state.runs.entries.map(\.listing.id) == runs.map(\.0))
  }
}
