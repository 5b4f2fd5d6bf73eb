import EventLog

/// All of a run's log, to be seen as it was after one step or another.
struct RecordedLog {
  /// All that it says.
  let whole: RunHistory
  private(set) var recording: Recording

  /// - Throws: `Failure.badInput` if there is no event file in `folder`, or none that can be read.
  init(folder: String) throws {
    var events: [LogEvent] = []
    whole = try RunHistory.load(folder: folder) { events += $0.events }
    recording = Recording(events)
  }

  /// What it said up to a step.
  mutating func history(upTo step: Int) -> RunHistory {
    step < whole.lastStep ? recording.history(upTo: step) : whole
  }
}
