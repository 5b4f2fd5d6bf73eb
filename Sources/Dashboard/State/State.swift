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
  public internal(set) var focus = Pane.composer
  public internal(set) var isZoomed = false
  /// The panes by when they were last called for: of those that share a place, the first is shown.
  private(set) var recent: [Pane] = [
    .composer, .layers, .block, .loss, .accuracy, .progress, .runs,
  ]
  /// Layers and block are the draft's, not those of the run that is shown.
  var isComposing = true
  var overlay: OverlayKind?
  var notice: Notice?
  var charts = ChartOptions()
  /// First row that each list shows.
  var scroll: [Pane: Int] = [:]
  /// Selected row of the layer table.
  var layerRow = 0
  /// Pressing Ctrl-Z or `q` does something; in a replay it does not.
  let isInteractive: Bool

  public init(
    size: Size, appearance: Appearance, now: Double, experiment: Experiment = .standard,
    isInteractive: Bool = true
  ) {
    self.size = size
    self.appearance = appearance
    self.now = now
    self.isInteractive = isInteractive
    composer = Composer(experiment)
  }

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
  case help
  /// Something is being trained already.
  case confirmStart
  case confirmStop(run: String)
  case presets(PresetPicker)
  /// `offset` is the first row shown.
  case compare(Comparison, offset: Int)
}

struct ChartOptions: Sendable, Equatable {
  /// nil: where the loss spans more than `logarithmicFrom`, so that a spike hides nothing.
  var isLogarithmic: Bool?
  /// Weight of the past in the smoothed curve, as TensorBoard's slider: 0 is off.
  var smoothing = 0.6

  static let smoothings = [0, 0.6, 0.9]
  /// Greatest over least value.
  static let logarithmicFrom = 50.0
}

/// The parts of the screen, numbered as their keys are.
public enum Pane: Int, Sendable, CaseIterable, Hashable {
  case composer = 1
  case layers, loss, accuracy, progress, runs, block

  var title: String {
    switch self {
    case .composer: "composer"
    case .layers: "layers"
    case .loss: "loss"
    case .accuracy: "accuracy"
    case .progress: "progress"
    case .runs: "runs"
    case .block: "block"
    }
  }
}
