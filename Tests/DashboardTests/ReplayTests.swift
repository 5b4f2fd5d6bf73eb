import Cells
import EventLog
import Experiments
import TestSupport
import Testing

@testable import Dashboard

@Suite struct ReplayTests {
  private func state(steps: Int, isComplete: Bool, status: RunStatus? = nil) -> State {
    var history = RunHistory()
    history.apply(Scenario.log(.standard, steps: steps))
    return Replay.state(
      path: "experiments/first-run/runs/20260921-133320/", status: status, history: history,
      isComplete: isComplete, size: Size(width: 100, height: 30), appearance: Appearance())
  }

  private let finished = RunStatus(
    state: .finished, step: 1870, totalSteps: 1870, epoch: 10, updated: 0)

  @Test func showsARunFromItsLogAlone() {
    let screen = FrameText.encode(view(state(steps: 1870, isComplete: true, status: finished)))
    expectSnapshot(screen, named: "replay")
    #expect(screen.contains("first-run/20260921-133320") && screen.contains("finished"))
    // Nothing that a replay cannot do is offered.
    #expect(!screen.contains("t train") && !screen.contains("q quit"))
  }

  @Test func showsAMomentOfIt() {
    let screen = FrameText.encode(view(state(steps: 600, isComplete: false, status: finished)))
    #expect(screen.contains("running") && screen.contains("step 600/1,870"))
  }

  @Test func showsAForeignLog() {
    var history = RunHistory()
    for step in 1...50 {
      history.apply(
        LogEvent(
          wallTime: Double(step), step: step,
          values: [.scalar(tag: "epoch_loss", value: 1 / Float(step))]))
    }
    let state = Replay.state(
      path: "logs/keras", status: nil, history: history, isComplete: true,
      size: Size(width: 120, height: 40), appearance: Appearance())
    let screen = FrameText.encode(view(state))
    #expect(screen.contains("3 epoch_loss") && screen.contains("the log has no network"))
    #expect(screen.contains("no accuracy in this log yet"))
  }
}
