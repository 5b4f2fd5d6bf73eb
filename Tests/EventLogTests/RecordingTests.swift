import TestSupport
import Testing

@testable import EventLog

@Suite struct RecordingTests {
  private static func events(_ count: Int) -> [LogEvent] {
    (0..<count).map { index in
      LogEvent(
        wallTime: Double(index), step: index / 2,
        values: [
          .scalar(tag: "a", value: Float(index)), .text(tag: "run/note", text: "note \(index)"),
        ])
    }
  }

  /// What the events up to a step make, one after another.
  private static func expected(_ events: [LogEvent], upTo step: Int) -> RunHistory {
    var history = RunHistory()
    for event in events where event.step <= step { history.apply(event) }
    return history
  }

  /// In whatever order steps are asked for, each is what the log had said by then.
  @Test(arguments: [0, 1, 10, 3000])
  func anyStepInAnyOrder(count: Int) {
    let events = Self.events(count)
    var recording = Recording(events)
    var random = SeededGenerator(state: 7)
    for _ in 0..<30 {
      let step = Int.random(in: -1...count / 2 + 1, using: &random)
      #expect(recording.history(upTo: step) == Self.expected(events, upTo: step), "\(step)")
    }
  }

  /// Steps that come late are where they belong.
  @Test func sortsByStep() {
    let events = Self.events(600)
    var recording = Recording(Array(events[300...]) + Array(events[..<300]))
    for step in [299, 10, 150, 0] {
      #expect(recording.history(upTo: step) == Self.expected(events, upTo: step))
    }
  }
}
