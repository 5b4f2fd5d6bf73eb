import Datasets
import EventLog
import Experiments
import Foundation
import TestSupport
import Testing

@testable import Worker

/// Clocks that are set while a training is under way.
@Suite(.serialized) struct ClockTests {
  /// A wall clock that leaps by days, forward and back, again and again.
  private final class LeapingClock: @unchecked Sendable {
    private let lock = NSLock()
    private var calls = 0
    private(set) var leaps = 0

    func wall() -> Double {
      lock.withLock {
        calls += 1
        guard calls.isMultiple(of: 7) else { return 1_790_000_000 + Double(calls) }
        leaps += 1
        return 1_790_000_000 + (leaps.isMultiple(of: 2) ? 86_400 : -86_400)
      }
    }
  }

  /// What is left of a run, as it tells it.
  private final class Remaining: ProgressSink {
    var seconds: [Double] = []
    var elapsed: [Double] = []
    func began(_ run: RunDescription) {}
    func stepped(_ progress: Worker.Progress) {
      if let remaining = progress.remaining { seconds.append(remaining) }
      elapsed.append(progress.elapsed)
    }
    func measured(_ measurement: Worker.Measurement) {}
    func grew(_ growth: NetworkGrowth) {}
    func halted(_ reason: String) {}
    func ended(_ summary: RunSummary) {}
  }

  /// Steps stay in their order, times never go back, and what is left is never negative.
  @Test func leapsChangeNeitherOrderNorSigns() throws {
    try withScratchFolder { root in
      let leaping = LeapingClock()
      let sink = Remaining()
      let clock = WorkerClock(wall: leaping.wall, monotonic: WorkerClock.system.monotonic)
      _ = try TrainingRun(
        .small, directory: RunDirectory(path: "\(root)/run"),
        location: DatasetLocation(folders: []),
        options: TrainingRun.Options(threads: 1, version: "test"), progress: sink, clock: clock
      ).run()
      #expect(leaping.leaps > 4)
      print("clocks: \(leaping.leaps) leaps of a day in 20 steps")
      #expect(sink.seconds.count == 19 && sink.seconds.allSatisfy { $0 >= 0 && $0 < 3600 })
      #expect(sink.elapsed == sink.elapsed.sorted())
      let steps = try loggedEvents("\(root)/run").map(\.step)
      let history = try loggedHistory("\(root)/run")
      #expect(steps == steps.sorted())
      let buckets = try #require(history.series("loss/train")?.buckets)
      #expect(buckets.map(\.lastStep) == Array(1...20))
      let times = buckets.map(\.lastWallTime)
      #expect(times == times.sorted() && times.allSatisfy(\.isFinite))
      let (first, last) = (try #require(history.firstWallTime), try #require(history.lastWallTime))
      #expect(first <= times[0] && last >= times[19])
    }
  }

  /// The times that a worker writes count on from its start: whoever sets the clock does not set them.
  @Test func theWorkersTimesCountOn() {
    let clock = WorkerClock.system
    // Each reading of one clock lies between two of the other, however long this thread has to wait.
    let dates = Date().timeIntervalSince1970
    let first = clock.monotonic()
    let wall = clock.wall()
    let second = clock.monotonic()
    let third = clock.monotonic()
    let later = clock.wall()
    let fourth = clock.monotonic()
    let now = Date().timeIntervalSince1970
    #expect(wall > dates - 1 && later < now + 1)
    let rounding = 1e-5
    #expect(later - wall >= third - second - rounding)
    #expect(later - wall <= fourth - first + rounding)
  }
}
