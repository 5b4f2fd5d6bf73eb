import Cells
import EventLog

/// Looking at a run as it was.
extension State {
  /// Asks for the run's log, or comes back to the run as it is.
  mutating func toggleScrub() -> [Effect] {
    guard scrub == nil else {
      endScrub()
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
    scrub = Scrub(entry, recording)
    // Layers and block are the run's, too.
    isComposing = false
    showMoment()
  }

  mutating func endScrub() {
    scrub = nil
    runs.moment = nil
  }

  /// Another run is shown, or its log begins anew: what is looked at is no more.
  mutating func settleScrub() {
    guard let scrub, scrub.run != runs.shown else { return }
    endScrub()
    say("another run is shown, as it is now")
  }

  /// Time has passed.
  mutating func advanceScrub() {
    guard scrub?.advance(to: now) == true else { return }
    showMoment()
  }

  mutating func moveScrub(_ move: (inout Scrub) -> Void) {
    guard scrub != nil else { return }
    move(&scrub!)
    showMoment()
  }

  private mutating func showMoment() {
    guard let entry = runs.liveEntry, let history = scrub?.history() else { return }
    runs.moment = entry.asItWas(history)
  }
}
