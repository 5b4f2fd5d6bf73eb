import Architecture
import Cells
import EventLog
import Experiments
import TestSupport
import Testing

@testable import Dashboard

@Suite struct UpdateTests {
  /// The row of a field, selected.
  private func select(_ field: ComposerField, in scenario: inout Scenario) {
    scenario.press(.character("1"), .home)
    while scenario.state.composer.field != field { scenario.press(.down) }
  }

  @Test func theTableFollowsTheComposer() throws {
    var scenario = Scenario()
    let before = try #require(scenario.state.shownPlan).total.parameters
    select(.stageBlocks(0), in: &scenario)
    scenario.press(.right)
    #expect(scenario.state.composer.draft.network.stages[0].blocks == 3)
    let after = try #require(scenario.state.shownPlan)
    #expect(after.total.parameters > before && after.layers.contains { $0.name == "layer1.2.add" })
    #expect(scenario.screen.contains("layer1 blocks   ‹3›"))
    scenario.press(.character("z"))
    #expect(scenario.state.shownPlan?.total.parameters == before)
    scenario.press(.character("Z"))
    #expect(scenario.state.shownPlan?.total.parameters == after.total.parameters)
  }

  @Test func presetsAreTakenAtTheDataSetsSize() throws {
    var scenario = Scenario()
    select(.preset, in: &scenario)
    scenario.press(.enter)
    scenario.type("resnet50")
    scenario.press(.enter)
    let draft = scenario.state.composer.draft
    #expect(draft.network.name == "resnet50" && draft.network.input.dimensions == [1, 28, 28])
    #expect(draft.problems.isEmpty)
  }

  /// What another kind of block cannot have goes with it: nothing invisible is left to be wrong.
  @Test func blocksTakeTheirOptionsAlong() {
    var scenario = Scenario()
    for (field, text) in [
      (ComposerField.preset, "resnext50_32x4d"), (.preActivation, "yes"), (.block, "inception"),
      (.block, "basic"),
    ] {
      select(field, in: &scenario)
      scenario.press(.enter)
      scenario.type(text)
      scenario.press(.enter)
      #expect(scenario.state.composer.problems.isEmpty, "\(text)")
    }
    #expect(scenario.state.composer.draft.network.grouping == .dense)
    scenario.press(.character("z"), .character("z"))
    #expect(
      scenario.state.composer.draft.network.grouping
        == .cardinality(groups: 32, widthPerGroup: 4))
  }

  @Test func whatIsTypedIsTakenOrExplained() {
    var scenario = Scenario()
    select(.learningRate, in: &scenario)
    scenario.press(.enter)
    scenario.type("0.2x")
    scenario.press(.enter)
    #expect(scenario.screen.contains("a number of 0 or more"))
    scenario.press(.backspace, .enter)
    #expect(scenario.state.composer.draft.optimizer.learningRate == 0.2)
    #expect(scenario.state.composer.edit == nil)
    scenario.press(.enter)
    scenario.type("7")
    scenario.press(.escape)
    #expect(scenario.state.composer.draft.optimizer.learningRate == 0.2)
  }

  @Test func anImpossibleValueSaysWhy() {
    var scenario = Scenario()
    select(.classes, in: &scenario)
    scenario.press(.right)
    #expect(!scenario.state.composer.problems.isEmpty)
    #expect(scenario.screen.contains("cannot be trained") && scenario.screen.contains("11 classes"))
    scenario.press(.character("t"))
    #expect(scenario.effects.isEmpty)
  }

  @Test func trainingStartsAndIsShown() {
    var scenario = Scenario()
    scenario.press(.character("t"))
    #expect(scenario.effects == [.start(.standard)])
    // Another run is at hand already; the one that was started is shown once it is listed.
    scenario.send(.started(run: Scenario.finished))
    scenario.listRuns()
    #expect(scenario.state.runs.shown == Scenario.finished)
  }

  /// Two trainings slow each other down.
  @Test func aSecondTrainingAsksFirst() {
    var scenario = Scenario()
    scenario.press(.character("t"), .character("t"), .escape)
    #expect(scenario.effects == [.start(.standard)])
    scenario.press(.character("t"), .enter)
    #expect(scenario.effects.count == 2)
    // One that failed to start is none, and nothing else that fails is that.
    scenario.send(.failed("no such run"))
    #expect(scenario.state.runs.isTraining)
    scenario.send(.lost(run: "", "no memory"))
    scenario.press(.character("t"))
    #expect(scenario.effects.count == 3)
    scenario.send(.started(run: Scenario.running))
    scenario.listRuns()
    scenario.press(.character("t"))
    #expect(scenario.state.overlay == .confirmStart && scenario.effects.count == 3)
  }

  @Test func missingDataIsNoSurprise() {
    var scenario = Scenario()
    scenario.send(.dataSets([.procedural]))
    #expect(scenario.state.composer.problems.isEmpty)
    select(.dataSet, in: &scenario)
    scenario.press(.right)
    #expect(scenario.state.composer.problems.first?.reason.contains("RESNET_TUI_DATA") == true)
    #expect(scenario.screen.contains("fashion-mnist is not on"))
    scenario.press(.character("t"))
    #expect(scenario.effects.isEmpty)
  }

  /// What the header has no room for is shown whole, until a key is pressed.
  @Test func longErrorsAreReadable() {
    var scenario = Scenario(width: 80, height: 24)
    let text =
      "experiments/a/runs/1: the loss became NaN at step 8: lower optimizer.learning_rate, or add "
      + "schedule.warmup_epochs"
    scenario.send(.failed(text))
    let words = scenario.screen.split(whereSeparator: { " │╭╰╮╯─\n".contains($0) })
    #expect(text.split(separator: " ").allSatisfy(words.contains))
    scenario.press(.down)
    #expect(!scenario.screen.contains("any key"))
  }

  /// A click selects what is under it, wherever the list has been scrolled to.
  @Test func listsStandStillUnderAClick() {
    var scenario = Scenario(width: 80, height: 24)
    scenario.press(.end)
    let before = scenario.state.scroll[.composer]
    scenario.click(x: 5, y: 3)
    let field = scenario.state.composer.field
    #expect(scenario.state.scroll[.composer] == before && before != 0)
    scenario.click(x: 5, y: 3)
    #expect(scenario.state.composer.field == field)
  }

  @Test func undoShowsWhatItChanged() {
    var scenario = Scenario(width: 80, height: 24)
    select(.seed, in: &scenario)
    scenario.press(.right, .home, .character("z"))
    #expect(scenario.state.composer.field == .seed && scenario.state.composer.draft.seed == 0)
  }

  @Test func runsOfOneMinuteAreToldApart() {
    let times = RunsPane.times(of: ["20261124-044101", "20261124-044102", "20261123-120000", "own"])
    #expect(times["20261124-044101"] == "24 04:41:01" && times["20261124-044102"] == "24 04:41:02")
    #expect(times["20261123-120000"] == "11-23 12:00" && times["own"] == nil)
  }

  @Test func stoppingAsksFirst() {
    var scenario = Scenario()
    scenario.press(.character("x"))
    #expect(scenario.state.overlay == nil)
    scenario.listRuns()
    scenario.press(.character("x"), .escape)
    #expect(scenario.effects.isEmpty && scenario.state.overlay == nil)
    scenario.press(.character("x"), .enter)
    #expect(scenario.effects == [.stop(run: Scenario.running)])
    // A run that has ended cannot be stopped.
    scenario.press(.character("6"), .end, .enter, .character("x"))
    #expect(scenario.state.runs.shown == Scenario.finished && scenario.state.overlay == nil)
  }

  @Test func aRunCanBeOpenedAndEdited() {
    var scenario = Scenario()
    scenario.listRuns()
    #expect(scenario.state.runs.shown == Scenario.running)
    scenario.press(.character("6"), .down, .enter)
    #expect(scenario.state.runs.shown == Scenario.finished)
    #expect(scenario.state.shownPlan?.spec.stages[0].channels == 32)
    scenario.press(.character("e"))
    #expect(scenario.state.composer.draft.name == "wide" && scenario.state.focus == .composer)
    scenario.press(.character("z"))
    #expect(scenario.state.composer.draft == .standard)
  }

  /// What the user chose stays on the screen when other runs come, and a list that is sorted anew
  /// keeps its selection.
  @Test func newRunsDoNotTakeTheScreen() {
    var scenario = Scenario()
    scenario.listRuns()
    scenario.press(.character("6"), .down, .enter)
    let newer = RunListing(
      path: "experiments/a/runs/20270101-000000", experiment: "a", id: "20270101-000000",
      status: nil, state: .running)
    scenario.send(.runs([newer] + scenario.state.runs.entries.map(\.listing)))
    #expect(scenario.state.runs.shown == Scenario.finished)
    #expect(
      scenario.state.runs.entries[scenario.state.runs.selected].listing.path == Scenario.finished)
  }

  @Test func mouse() {
    var scenario = Scenario(width: 160, height: 50)
    scenario.listRuns()
    let layout = ScreenLayout(scenario.state)
    let loss = layout.panes[.loss]!
    scenario.click(x: loss.x + 3, y: loss.y + 3)
    #expect(scenario.state.focus == .loss)
    let runs = layout.panes[.runs]!
    scenario.click(x: runs.x + 3, y: runs.y + 3)
    #expect(scenario.state.runs.shown == Scenario.finished)
    let composer = layout.panes[.composer]!
    scenario.click(x: composer.x + 3, y: composer.y + 5)
    #expect(scenario.state.composer.field == .input)
    scenario.send(
      .input(
        .mouse(
          MouseEvent(action: .wheelDown, position: Point(x: composer.x + 3, y: composer.y + 5)))))
    #expect(scenario.state.composer.field == .classes)
  }

  /// While something trains, a second training starts at once or waits for its turn.
  @Test func trainingsAreQueued() {
    var scenario = Scenario()
    scenario.listRuns()
    scenario.press(.character("t"))
    #expect(scenario.screen.contains("w wait for its turn"))
    scenario.press(.character("w"))
    #expect(scenario.effects == [.enqueue(scenario.state.composer.draft)])
    // In other questions there is nothing to wait for.
    scenario.press(.character("x"))
    #expect(!scenario.screen.contains("wait for its turn"))
    scenario.press(.escape)
    var listings = scenario.state.runs.entries.map(\.listing)
    listings[0].state = .queued
    scenario.send(.runs(listings))
    #expect(scenario.screen.contains("queued") && scenario.screen.contains("begins when the runs"))
    scenario.press(.character("P"))
    #expect(scenario.effects.count == 1)
  }

  @Test func noticesGoWithTime() {
    var scenario = Scenario()
    scenario.send(.done("saved"))
    #expect(scenario.screen.contains("saved"))
    scenario.send(.time(Scenario.start + 7))
    #expect(!scenario.screen.contains("saved"))
    scenario.send(.failed("no room on the disk"))
    scenario.send(.time(Scenario.start + 1e6))
    #expect(scenario.screen.contains("no room on the disk"))
    scenario.press(.down)
    #expect(!scenario.screen.contains("no room on the disk"))
  }

  @Test func aDeadRunSaysSo() {
    var scenario = Scenario()
    scenario.listRuns()
    var listings = scenario.state.runs.entries.map(\.listing)
    listings[0].state = .died
    scenario.send(.runs(listings))
    scenario.press(.character("6"), .home, .enter)
    while scenario.state.runs.shown != Scenario.running { scenario.press(.down, .enter) }
    #expect(scenario.screen.contains("its process is gone"))

    // It waits for nothing any more.
    listings[0].status?.error = "the disk is full"
    scenario.send(.runs(listings))
    #expect(scenario.screen.contains("its process is gone"))
    #expect(scenario.screen.contains("the disk is full"))
  }

  /// Where the screen shows nothing, no key but those that leave it does anything.
  @Test func nothingIsDoneUnseen() {
    var scenario = Scenario()
    scenario.listRuns()
    scenario.press(.character("6"), .end, .character("D"))
    scenario.send(.input(.resize(Size(width: 60, height: 20))))
    scenario.press(.character("y"), .enter, .character("t"))
    #expect(scenario.effects.isEmpty)
    scenario.send(.input(.resize(Size(width: 120, height: 40))))
    #expect(scenario.screen.contains("gone for good"))
    scenario.send(.input(.resize(Size(width: 60, height: 20))))
    scenario.press(.character("q"))
    #expect(scenario.effects == [.quit])
  }

  /// Who watches has no draft to look at.
  @Test func watchersHaveNoDraft() {
    var scenario = Scenario()
    scenario.state = State(
      size: Size(width: 120, height: 40), appearance: Appearance(), now: 0, role: .watching)
    for pane in ["2", "7"] {
      scenario.type(pane)
      #expect(scenario.screen.contains("no run yet") && !scenario.screen.contains("composer"))
    }
  }

  /// A filter shows what it leaves.
  @Test func aFilterClosesTheOpenChart() {
    var scenario = Scenario()
    scenario.listRuns()
    scenario.press(.character("8"), .enter)
    #expect(scenario.state.scalars.opened != nil)
    scenario.type("/val")
    scenario.press(.enter)
    #expect(scenario.state.scalars.opened == nil && scenario.screen.contains("/val"))
  }

  @Test func damageIsReported() {
    var scenario = Scenario()
    scenario.listRuns()
    var poll = Poll()
    poll.gaps = [LogGap(offset: 1234, length: 56)]
    scenario.send(.log(run: Scenario.running, poll))
    #expect(scenario.screen.contains("56 bytes in 1 place from byte 1,234"))
  }

  /// Hostile text of a log stays text.
  @Test func namesFromFilesAreSanitised() {
    var scenario = Scenario()
    scenario.send(
      .runs([
        RunListing(
          path: "x", experiment: "\u{1B}[2Jevil\u{202E}", id: "\n\n", status: nil, state: nil)
      ]))
    let screen = scenario.screen
    #expect(
      !screen.unicodeScalars.contains("\u{1B}") && !screen.unicodeScalars.contains("\u{202E}"))
    #expect(screen.split(separator: "\n", omittingEmptySubsequences: false).count == 41)
  }

  @Test func logAxisAndSmoothing() {
    var scenario = Scenario()
    scenario.listRuns()
    scenario.press(.character("3"), .character("+"), .character("y"))
    #expect(scenario.screen.contains("smooth 0.6  log"))
    scenario.press(.character("y"), .character("S"))
    #expect(scenario.state.charts.smoothing == 0.9 && !scenario.screen.contains("  log"))
    scenario.press(.character("S"), .character("S"))
    #expect(!scenario.screen.contains("smooth 0") && scenario.state.charts.smoothing == 0)
    // Percents have no such axis, and the loss keeps its own.
    scenario.press(.character("4"), .character("y"))
    #expect(scenario.screen.contains("a logarithmic axis has no place for these values"))
    #expect(scenario.state.charts.isLogarithmic == false)
  }

  /// A value that was being typed is let go of by the mouse, wherever that goes.
  @Test func theMouseEndsTyping() {
    for action in [MouseEvent.Action.press, .wheelDown] {
      var scenario = Scenario(width: 160, height: 50)
      scenario.listRuns()
      scenario.press(.character("1"), .enter)
      #expect(scenario.state.composer.edit != nil)
      let loss = ScreenLayout(scenario.state).panes[.loss]!
      scenario.send(
        .input(
          .mouse(MouseEvent(action: action, position: Point(x: loss.x + 3, y: loss.y + 3)))))
      #expect(scenario.state.composer.edit == nil && scenario.state.focus == .loss)
    }
  }
}
