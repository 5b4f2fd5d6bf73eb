import Experiments
import Foundation
import TestSupport
import Testing

@testable import Worker

/// Runs that wait for others.
@Suite struct TurnTests {
  private let clock = WorkerClock(wall: { 7 }, monotonic: { 0 })

  @Test func itComesWhenTheOthersAreGone() throws {
    try withScratchFolder { folder in
      let run = RunDirectory(path: "\(folder)/run")
      let others = ["a", "b"].map { RunDirectory(path: "\(folder)/\($0)") }
      var left: Set<RunDirectory> = Set(others)
      var looks = 0
      let hasCome = try Turn(of: run, after: others, clock: clock).wait(
        isAtWork: { left.contains($0) }, signal: { 0 },
        pause: {
          #expect((try? RunStatus.read(from: run))?.effectiveState() == .queued)
          looks += 1
          if looks == 2 { left.remove(others[1]) }
          if looks == 4 { left.remove(others[0]) }
        })
      #expect(hasCome && looks == 4)
      // The run begins in the folder that this process has reserved.
      #expect(try run.create(experiment: "name: x"))
      // Nobody else's run does.
      #expect(throws: WorkerError.self) {
        try Turn(of: run, after: [], clock: clock).wait(signal: { 0 }, pause: {})
      }
    }
  }

  @Test func aSignalEndsTheWaiting() throws {
    try withScratchFolder { folder in
      let run = RunDirectory(path: "\(folder)/run")
      let hasCome = try Turn(of: run, after: [run], clock: clock).wait(
        isAtWork: { _ in true }, signal: { 15 }, pause: {})
      let status = try RunStatus.read(from: run)
      #expect(!hasCome && status.state == .stopped && status.exitCode == 143)
      // A folder that is no longer queued is not begun in.
      #expect(try !run.create(experiment: "name: x"))
    }
  }

  /// Why a training could not begin when its turn had come stands in its status.
  @Test func itKeepsWhyItCouldNotBegin() throws {
    try withScratchFolder { folder in
      let run = RunDirectory(path: "\(folder)/run")
      let turn = Turn(of: run, after: [], clock: clock)
      #expect(try turn.wait(signal: { 0 }, pause: {}))
      turn.leave(because: .input("epochs: 2 end at step 20; raise epochs"))
      let status = try RunStatus.read(from: run)
      #expect(status.state == .failed && status.error?.contains("raise epochs") == true)
    }
  }

  @Test func aRunWithoutAProcessIsNotAtWork() throws {
    try withScratchFolder { folder in
      let run = RunDirectory(path: "\(folder)/run")
      #expect(!Turn.isAtWork(run))
      try FileManager.default.createDirectory(atPath: run.path, withIntermediateDirectories: true)
      try RunStatus(state: .running, process: .current, updated: 1).write(to: run)
      #expect(Turn.isAtWork(run))
    }
  }
}
