import EventLog
import Testing

/// All events of a run's log, which has to be whole.
func loggedEvents(_ folder: String) throws -> [LogEvent] {
  var events: [LogEvent] = []
  for file in EventFile.files(in: folder) {
    var reader = EventLogReader(path: file)
    let poll = try reader.poll(limit: .max)
    #expect(poll.isAtEnd && poll.gaps.isEmpty && !poll.hasTornTail)
    events += poll.events
  }
  return events
}

/// What a run's log makes.
func loggedHistory(_ folder: String) throws -> RunHistory {
  var history = RunHistory()
  for event in try loggedEvents(folder) { history.apply(event) }
  return history
}
