/// Where a binding holds.
enum KeyContext: Hashable, Sendable, CaseIterable {
  /// In a dialog and while typing too.
  case always
  /// Everywhere but in a dialog and while typing.
  case anywhere
  case composer
  /// Panes with rows.
  case list
  case layers
  case runs
  case scalars
  case predictions
  case charts
  /// While a run is looked at as it was.
  case moment
  /// While a line is typed at the bottom.
  case prompt
  case help
  case presets
  case compare
  case dialog

  var title: String {
    switch self {
    case .always: "always"
    case .anywhere: "anywhere"
    case .composer: "composer"
    case .list: "lists"
    case .layers: "layers"
    case .runs: "runs"
    case .scalars: "scalars"
    case .predictions: "predictions"
    case .charts: "charts"
    case .moment: "a look back"
    case .prompt: "typing"
    case .help: "help"
    case .presets: "presets"
    case .compare: "compare"
    case .dialog: "question"
    }
  }
}
