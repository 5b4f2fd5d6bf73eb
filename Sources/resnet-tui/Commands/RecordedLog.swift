import EventLog

/// All of a run's log, to be seen as it was after one step after another.
struct RecordedLog {
  /// All that it says.
  let whole: RunHistory
  /// By step, as far as the log does not say otherwise.
  private let events: [LogEvent]
  private var next = 0
  private var history = RunHistory()

  /// - Throws: `Failure.badInput` if there is no event file in `folder`, or none that can be read.
  init(folder: String) throws {
    var events: [LogEvent] = []
    whole = try RunHistory.load(folder: folder) { events += $0.events }
    // Files may overlap, and what is written after a step may come late.
    self.events = events.enumerated()
      .sorted { ($0.element.step, $0.offset) < ($1.element.step, $1.offset) }.map(\.element)
  }

  /// What it said up to a step, which must not be earlier than that of the call before.
  mutating func history(upTo step: Int) -> RunHistory {
    guard step < whole.lastStep else { return whole }
    while next < events.count, events[next].step <= step {
      history.apply(events[next])
      next += 1
    }
    return history
  }
}
