import Cells
import Dashboard
import EventLog
import Experiments
import Foundation

/// How long frames with charts take: twenty charts at once, and after each batch of a live log.
enum ChartBenchmark {
  private static let rounds = 200
  private static let size = Size(width: 200, height: 60)

  static func run() -> Bool {
    [twentyCharts(), live(), manyRuns()].allSatisfy { $0 }
  }

  /// `count` values of each of `tags`: noise around a curve.
  private static func log(tags: [String], steps: Range<Int>) -> Poll {
    var poll = Poll()
    poll.events = steps.map { step in
      LogEvent(
        wallTime: Double(step), step: step,
        values: tags.enumerated().map { index, tag in
          let noise = Double((step &* 7919 &+ index &* 104_729) % 1009) / 1009
          return .scalar(tag: tag, value: Float(exp(-Double(step) / 20_000) + 0.3 * noise))
        })
    }
    return poll
  }

  private static func state(tags: [String], steps: Int) -> State {
    var state = State(size: size, appearance: Appearance(), now: 0, role: .watching)
    _ = update(
      &state,
      .runs([RunListing(path: "p", experiment: "run", id: "", status: nil, state: nil)]))
    _ = update(&state, .log(run: "p", log(tags: tags, steps: 1..<steps + 1)))
    return state
  }

  private static func twentyCharts() -> Bool {
    var state = state(tags: (0..<20).map { "metrics/value\($0)" }, steps: 50_000)
    for key: Key in [.character("8"), .character("+")] { _ = update(&state, .input(.key(key))) }
    var timing = Timing()
    for _ in 0..<rounds { timing.measure { _ = view(state) } }
    return timing.report("frame at 200x60 with 20 charts of 50,000 points", bound: 3)
  }

  /// What a live session does for each batch of news: takes it in, and draws.
  private static func live() -> Bool {
    let tags = ["loss/train", "accuracy/train"]
    var state = state(tags: tags, steps: 100_000)
    var timing = Timing()
    for round in 0..<rounds {
      let first = 100_001 + round * 10
      let poll = log(tags: tags, steps: first..<first + 10)
      timing.measure {
        _ = update(&state, .log(run: "p", poll))
        _ = view(state)
      }
    }
    return timing.report("frame after a live batch, charts of 100,000 points", bound: 1.5)
  }

  /// The frame of a session that has a thousand runs.
  private static func manyRuns() -> Bool {
    var state = State(size: size, appearance: Appearance(), now: 0, role: .watching)
    let listings = (0..<1000).map {
      RunListing(
        path: "runs/\($0)", experiment: "experiment\($0 % 40)", id: "\($0)", status: nil,
        state: .finished)
    }
    var timing = Timing()
    timing.measure {
      _ = update(&state, .runs(listings))
      for listing in listings {
        _ = update(&state, .log(run: listing.path, log(tags: ["loss/train"], steps: 1..<11)))
      }
      _ = view(state)
    }
    return timing.report("1,000 runs, listed, with short logs, to the first frame", bound: 300)
  }
}
