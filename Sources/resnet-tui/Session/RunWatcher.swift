import Dashboard
import EventLog
import Experiments

/// Looks after the runs under a root: which there are, what state they are in, and what their logs
/// say.
struct RunWatcher {
  private let root: String
  private var logs: [String: LogTail] = [:]
  private var listings: [RunListing] = []
  private var listed = -Double.infinity

  /// Seconds between two looks at the folders.
  private static let listingInterval = 1.0
  /// Most bytes that are read of logs between two frames.
  private static let budget = 4 << 20

  init(root: String) { self.root = root }

  /// What has changed since the last call; `now` is in seconds. The log of `shown` comes first.
  mutating func messages(now: Double, shown: String?) -> [Message] {
    var messages: [Message] = []
    var isFresh = false
    if !(0..<Self.listingInterval).contains(now - listed) {
      listed = now
      isFresh = true
      let found = RunDirectory.list(root: root).map(RunListing.init)
      if found != listings {
        listings = found
        messages.append(.runs(found))
        let paths = Set(found.map(\.path))
        logs = logs.filter { paths.contains($0.key) }
      }
    }
    var budget = Self.budget
    let order = listings.sorted { a, b in
      rank(a, shown: shown) < rank(b, shown: shown)
    }
    for listing in order where budget > 0 {
      var log = logs[listing.path] ?? LogTail(folder: listing.path)
      // The log of a run that has ended hardly changes.
      if isFresh || listing.isActive || !log.isAtEnd {
        do {
          for poll in try log.polls(budget: &budget, isFresh: isFresh) {
            messages.append(.log(run: listing.path, poll))
          }
        } catch {
          if log.isNewFailure { messages.append(.failed("\(error)")) }
        }
      }
      logs[listing.path] = log
    }
    return messages
  }

  /// Whether the run's worker lives, looked up now.
  func isActive(_ listing: RunListing) -> Bool {
    guard listing.isActive else { return false }
    return RunListing(RunDirectory(path: listing.path)).isActive
  }

  private func rank(_ listing: RunListing, shown: String?) -> Int {
    listing.path == shown ? 0 : listing.isActive ? 1 : 2
  }
}

extension RunListing {
  /// What the files of a run directory say now.
  init(_ directory: RunDirectory) {
    let status = try? RunStatus.read(from: directory)
    self.init(
      path: directory.path, experiment: directory.experimentName ?? "", id: directory.id,
      status: status, state: status?.effectiveState())
  }

  fileprivate var isActive: Bool { state == .running || state == .starting }
}

/// The event files of one run, which are read as they grow.
private struct LogTail {
  private let folder: String
  private var readers: [EventLogReader] = []
  private(set) var isAtEnd = true
  private var hasFailed = false
  /// The failure that was thrown last is the first.
  private(set) var isNewFailure = false

  init(folder: String) { self.folder = folder }

  /// What has been added to the log. If `isFresh`, new files are looked for too.
  mutating func polls(budget: inout Int, isFresh: Bool) throws(EventLogError) -> [Poll] {
    if isFresh {
      for path in EventFile.files(in: folder) where !readers.contains(where: { $0.path == path }) {
        readers.append(EventLogReader(path: path))
      }
    }
    var polls: [Poll] = []
    isAtEnd = true
    for index in readers.indices where budget > 0 {
      do throws(EventLogError) {
        let before = readers[index].position
        let poll = try readers[index].poll(limit: budget)
        budget -= max(0, readers[index].position - before)
        if !poll.isAtEnd { isAtEnd = false }
        if poll.rewound, readers.count > 1 {
          // The run begins anew, so that what other files said is void as well.
          readers = readers.map { EventLogReader(path: $0.path) }
          isAtEnd = false
          var void = Poll()
          void.rewound = true
          return [void]
        }
        if poll != Poll() { polls.append(poll) }
        hasFailed = false
      } catch {
        isNewFailure = !hasFailed
        hasFailed = true
        throw error
      }
    }
    return polls
  }
}
