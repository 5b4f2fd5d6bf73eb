import EventLog

/// All of a run's log, to be seen as it was after one step or another.
struct RecordedLog {
  private let folder: String
  /// All that it says.
  let whole: RunHistory
  /// Its events, once a step before the last has been asked for.
  private var recording: Recording?

  /// - Throws: `Failure.badInput` if there is no event file in `folder`, or none that can be read.
  init(folder: String) throws {
    self.folder = folder
    whole = try RunHistory.load(folder: folder)
  }

  /// What it said up to a step.
  ///
  /// - Throws: `EventLogError` where it is too long to be looked at step by step.
  mutating func history(upTo step: Int) throws(EventLogError) -> RunHistory {
    guard step < whole.lastStep else { return whole }
    try readEvents()
    return recording?.history(upTo: step) ?? whole
  }

  /// The steps at which something was written, ascending, each once.
  mutating func steps() throws(EventLogError) -> [Int] {
    try readEvents()
    return recording?.steps ?? []
  }

  private mutating func readEvents() throws(EventLogError) {
    if recording == nil { recording = try Recording(folder: folder) }
  }
}
