public import Cells
public import EventLog
public import Experiments

/// A screen of a recorded run, from its log alone: no terminal, no clock, no settings.
public enum Replay {
  /// The state that a dashboard would be in that shows the run and nothing else.
  ///
  /// - Parameters:
  ///   - status: of the run directory; nil for a foreign log.
  ///   - history: what is to be shown of the log, up to some step.
  ///   - isComplete: `history` holds all of the log. If not, the run is shown as running.
  public static func state(
    path: String, status: RunStatus?, history: RunHistory, isComplete: Bool, size: Size,
    appearance: Appearance
  ) -> State {
    let directory = RunDirectory(path: path)
    // What the file says: whether a process lives is this machine's business, not the record's.
    let state: RunStatus.EffectiveState? =
      isComplete ? status?.effectiveState { _ in true } : status.map { _ in .running }
    let listing = RunListing(
      path: path, experiment: directory.experimentName ?? "log", id: directory.id,
      status: isComplete ? status : nil, state: state)
    var screen = State(
      size: size, appearance: appearance, now: 0, role: .replay)
    _ = update(&screen, .runs([listing]))
    screen.runs.adopt(history, for: path)
    if let experiment = screen.runs.shownEntry?.experiment {
      screen.composer = Composer(experiment)
    }
    screen.now = screen.runs.shownEntry?.history.lastWallTime ?? 0
    // The composer would show a draft in the layer table.
    screen.focusOn(.loss)
    screen.bringForward(.accuracy)
    return screen
  }
}
