import Dashboard
import EventLog
import Experiments

/// Looks after the runs of a catalog: which there are, what state they are in, and what their logs
/// say.
struct RunWatcher {
  private var catalog: RunCatalog
  private var logs: [String: LogTail] = [:]
  private var listings: [RunListing] = []
  private var unread = 0
  private var nextListing = -Double.infinity
  private var listed = -Double.infinity

  /// Least seconds between two looks at the folders.
  private static let listingInterval = 1.0
  /// Part of the time that looking at the folders may take, where there are very many.
  private static let listingShare = 0.002
  /// Most bytes that are read of logs between two frames.
  private static let budget = 4 << 20

  init(_ source: RunCatalog.Source) { catalog = RunCatalog(source) }

  /// What has changed since the last call; `now` is in seconds. The log of `shown` comes first.
  mutating func messages(now: Double, shown: String?) -> [Message] {
    var messages: [Message] = []
    var isFresh = false
    if now >= nextListing || now < listed {
      let clock = ContinuousClock()
      let start = clock.now
      isFresh = true
      let found = catalog.listings()
      if found != listings {
        listings = found
        messages.append(.runs(found))
        let paths = Set(found.map(\.path))
        logs = logs.filter { paths.contains($0.key) }
      }
      let seconds = (clock.now - start) / .seconds(1)
      listed = now
      nextListing = now + max(Self.listingInterval, seconds / Self.listingShare)
    }
    var budget = Self.budget
    let order = listings.sorted { a, b in rank(a, shown: shown) < rank(b, shown: shown) }
    for listing in order where budget > 0 {
      var log = logs[listing.path] ?? LogTail(folder: listing.path)
      guard log.isDue(now: now, isActive: listing.isActive) else { continue }
      for poll in log.polls(budget: &budget, now: now, isFresh: isFresh) {
        messages.append(.log(run: listing.path, poll))
      }
      if let failure = log.newFailure { messages.append(.failed("\(failure)")) }
      logs[listing.path] = log
    }
    let unread = logs.values.reduce(0) { $0 + $1.unread }
    if unread != self.unread { messages.append(.unread(unread)) }
    self.unread = unread
    return messages
  }

  /// Has the next call look at the folders, however little time has passed.
  mutating func lookAgain() { nextListing = -.infinity }

  /// The state of a run that had a worker when it was listed, looked up now; nil for others.
  func state(of listing: RunListing) -> RunStatus.EffectiveState? {
    switch listing.state {
    case .running, .starting, .paused, .queued:
      try? RunStatus.read(from: RunDirectory(path: listing.path)).effectiveState()
    case .stopped, .finished, .failed, .died, nil: nil
    }
  }

  private func rank(_ listing: RunListing, shown: String?) -> Int {
    listing.path == shown ? 0 : listing.isActive ? 1 : 2
  }
}

extension RunListing {
  fileprivate var isActive: Bool { state == .running || state == .starting }
}
