import Cells
import EventLog

/// Looking at a run as it was.
extension State {
  /// Asks for the run's log, or comes back to the run as it is.
  mutating func toggleScrub() -> [Effect] {
    guard runs.scrub == nil else {
      runs.scrub = nil
      return []
    }
    guard let path = runs.liveEntry?.listing.path else { return [] }
    say("reading the log")
    return [.record(run: path)]
  }

  /// The log is there.
  mutating func beginScrub(of run: String, _ recording: Recording) {
    guard let entry = runs.liveEntry, entry.listing.path == run else { return }
    notice = nil
    runs.scrub = Scrub(entry, recording)
    // Layers and block are the run's, too.
    isComposing = false
    moveScrub { _ in }
  }

  /// Another run is shown: what is looked at is no more.
  mutating func settleScrub() {
    guard let scrub = runs.scrub, scrub.run != runs.shown else { return }
    runs.scrub = nil
    say("another run is shown, as it is now")
  }

  /// Time has passed.
  mutating func advanceScrub() {
    if runs.scrub?.advance(to: now) == true { moveScrub { _ in } }
  }

  /// Moves to another step, and shows that.
  mutating func moveScrub(_ move: (inout Scrub) -> Void) {
    guard var scrub = runs.scrub, let entry = runs.liveEntry else { return }
    move(&scrub)
    scrub.show(entry)
    runs.scrub = scrub
  }
}
