public import Cells
public import EventLog
public import Experiments

/// A screen of recorded runs, from their logs alone: no terminal, no clock, no settings.
public enum Replay {
  /// A recorded run.
  public struct Run: Sendable {
    public var path: String
    /// What it is called beside others; nil for a run of an experiment, which is called by that and its id.
    public var name: String?
    /// Of the run directory; nil for a foreign log.
    public var status: RunStatus?
    /// What is to be shown of the log, up to some step.
    public var history: RunHistory
    /// Seconds after 1970 at which it began; nil where that is not known.
    public var began: Int?
    /// `history` holds all of the log. If not, the run is shown as running.
    public var isComplete: Bool

    public init(
      path: String, name: String? = nil, status: RunStatus?, history: RunHistory,
      isComplete: Bool, began: Int? = nil
    ) {
      self.began = began
      self.path = path
      self.name = name
      self.status = status
      self.history = history
      self.isComplete = isComplete
    }

    fileprivate var listing: RunListing {
      let directory = RunDirectory(path: path)
      // What the file says: whether a process lives is this machine's business, not the record's.
      let state: RunStatus.EffectiveState? =
        isComplete ? status?.effectiveState { _ in true } : status.map { _ in .running }
      return RunListing(
        path: path, experiment: name ?? directory.experimentName ?? "log",
        id: name == nil ? directory.id : "", status: isComplete ? status : nil, state: state,
        began: began)
    }
  }

  /// The state that a dashboard would be in that shows these runs and nothing else; the first in the order
  /// of its table is in front.
  public static func state(of runs: [Run], size: Size, appearance: Appearance) -> State {
    var screen = State(
      size: size, appearance: appearance, now: 0, role: .replay)
    _ = update(&screen, .runs(runs.map(\.listing)))
    for run in runs { screen.runs.adopt(run.history, for: run.path) }
    if let experiment = screen.runs.shownEntry?.experiment {
      screen.composer = Composer(experiment)
    }
    screen.now = screen.runs.shownEntry?.history.lastWallTime ?? 0
    // The composer would show a draft in the layer table.
    screen.focusOn(.loss)
    screen.bringForward(.accuracy)
    return screen
  }

  /// The state for one run.
  public static func state(
    path: String, status: RunStatus?, history: RunHistory, isComplete: Bool, size: Size,
    appearance: Appearance
  ) -> State {
    state(
      of: [Run(path: path, status: status, history: history, isComplete: isComplete)], size: size,
      appearance: appearance)
  }
}
