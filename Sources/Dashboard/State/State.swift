public import Cells
public import Experiments

/// All that a dashboard shows follows from this value.
public struct State: Sendable {
  public internal(set) var size: Size
  public internal(set) var appearance: Appearance
  /// Seconds since 1970, as the last message told.
  public internal(set) var now: Double
  public internal(set) var composer: Composer
  public internal(set) var runs = RunList()
  var runView = RunView()
  public internal(set) var focus = Pane.composer
  public internal(set) var isZoomed = false
  /// The panes by when they were last called for: of those that share a place, the first is shown.
  private(set) var recent: [Pane] = [
    .composer, .layers, .block, .loss, .accuracy, .scalars, .predictions, .progress, .runs,
  ]
  /// The draft begins with what this run has learned; nil for weights that are drawn.
  public internal(set) var fork: Fork?
  /// The fork of the training that was started last: where that fails, it is the draft's again.
  var startedFork: Fork?
  /// Layers and block are the draft's, not those of the run that is shown.
  var isComposing = true
  var overlay: OverlayKind?
  /// What is being typed at the bottom of the screen.
  var prompt: Prompt?
  /// What was typed behind `:`, the last first.
  var commandHistory: [String] = []
  /// What the rows or charts of a pane must have in them to be shown.
  var filters: [Pane: String] = [:]
  var notice: Notice?
  /// Bytes of logs that have not been read yet.
  var unreadBytes = 0
  var charts = ChartOptions()
  var scalars = ScalarsView()
  /// First row that each list shows.
  var scroll: [Pane: Int] = [:]
  /// Selected row of the layer table, as an index of the plan's rows.
  var layerRow = 0
  var layerView = LayerView()
  var predictionsView = PredictionsView.images
  let role: Role

  /// What a dashboard is for.
  public enum Role: Sendable {
    /// Compose, train, watch and compare.
    case session
    /// Watch logs, whoever writes them.
    case watching
    /// Show a recorded run.
    case replay

    var hasComposer: Bool { self != .watching }
  }

  public init(
    size: Size, appearance: Appearance, now: Double, experiment: Experiment = .standard,
    role: Role = .session
  ) {
    self.size = size
    self.appearance = appearance
    self.now = now
    self.role = role
    composer = Composer(experiment)
    guard role == .watching else { return }
    focusOn(.runs)
    bringForward(.scalars)
  }

  /// The panes that there are, in the order of their keys.
  var panes: [Pane] { Pane.allCases.filter { $0 != .composer || role.hasComposer } }

  /// What the screen is of, in a few words.
  public var title: String {
    runs.shownEntry.map { "resnet-tui: \($0.listing.name)" } ?? "resnet-tui"
  }

  /// The screen changes as time goes by, even if nothing else happens: a worker is waited for, or a
  /// notice is about to go.
  public var isTicking: Bool { notice.map { !$0.isError } ?? false || runs.isTraining }

  /// The screen changes several times a second: a run is played.
  public var isPlaying: Bool { runs.scrub?.isPlaying == true }

  /// Puts a pane in front of those that share its place.
  mutating func bringForward(_ pane: Pane) {
    recent.removeAll { $0 == pane }
    recent.insert(pane, at: 0)
  }

  /// Of some panes the one that was called for last.
  func front(of panes: [Pane]) -> Pane { recent.first(where: panes.contains) ?? panes[0] }
}

/// A line about what just happened.
struct Notice: Sendable, Equatable {
  var text: String
  var isError: Bool
  /// Seconds since 1970 after which it goes; an error stays until a key is pressed.
  var until: Double
}

/// What lies over the screen.
enum OverlayKind: Sendable, Equatable {
  case help(HelpView)
  /// Something is being trained already.
  case confirmStart
  case confirmStop(run: String, isQueued: Bool)
  case confirmDelete(run: String)
  case confirmGrow(run: String, stage: Int)
  case presets(PresetPicker)
  case compare(CompareView)
}

/// The parts of the screen, numbered as their keys are.
public enum Pane: Int, Sendable, CaseIterable, Hashable {
  case composer = 1
  case layers, loss, accuracy, progress, runs, block, scalars, predictions

  var title: String {
    switch self {
    case .composer: "composer"
    case .layers: "layers"
    case .loss: "loss"
    case .accuracy: "accuracy"
    case .progress: "progress"
    case .runs: "runs"
    case .block: "block"
    case .scalars: "scalars"
    case .predictions: "predictions"
    }
  }
}
