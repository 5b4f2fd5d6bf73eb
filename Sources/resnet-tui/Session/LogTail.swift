import EventLog

/// The event files of one run, which are read as they grow.
struct LogTail {
  private let folder: String
  private var readers: [EventLogReader] = []
  private(set) var isAtEnd = true
  private var hasFailed = false
  /// What could not be read at the last look, and could at the one before.
  private(set) var newFailure: EventLogError?
  private var lastLook = -Double.infinity
  /// When something came last.
  private var lastNews = -Double.infinity

  init(folder: String) { self.folder = folder }

  /// Seconds after which a log that has been silent counts as finished.
  private static let silence = 60.0
  /// Seconds between two looks at such a log.
  private static let rest = 5.0

  /// Bytes that have not been read yet, as far as is known.
  var unread: Int { readers.reduce(0) { $0 + $1.unread } }

  /// Whether the log is worth a look now: that of a run at work always, any other from time to time
  /// once it has been silent for long.
  func isDue(now: Double, isActive: Bool) -> Bool {
    isActive || !isAtEnd || now - lastNews < Self.silence || now - lastLook >= Self.rest
      || now < lastLook
  }

  /// What has been added to the log, as far as it can be read. If `isFresh`, new files are looked for too.
  mutating func polls(budget: inout Int, now: Double, isFresh: Bool) -> [Poll] {
    let isFirst = lastLook == -.infinity
    lastLook = now
    if isFresh || isFirst {
      for path in EventFile.files(in: folder) where !readers.contains(where: { $0.path == path }) {
        readers.append(EventLogReader(path: path))
      }
    }
    var polls: [Poll] = []
    var failure: EventLogError?
    isAtEnd = true
    newFailure = nil
    for index in readers.indices {
      guard budget > 0 else {
        isAtEnd = false
        break
      }
      do throws(EventLogError) {
        let before = readers[index].position
        let poll = try readers[index].poll(limit: budget)
        budget -= max(0, readers[index].position - before)
        if !poll.isAtEnd { isAtEnd = false }
        if poll.rewound, readers.count > 1 {
          // The run begins anew, so that what other files said is void as well.
          readers = readers.map { EventLogReader(path: $0.path) }
          isAtEnd = false
          hasFailed = false
          var void = Poll()
          void.rewound = true
          return [void]
        }
        if poll != Poll() { polls.append(poll) }
        if !poll.events.isEmpty { lastNews = now }
      } catch {
        // The other files may be read.
        failure = failure ?? error
      }
    }
    if !hasFailed { newFailure = failure }
    // What the budget left out may be what had failed.
    hasFailed = failure != nil || hasFailed && !isAtEnd
    return polls
  }
}
