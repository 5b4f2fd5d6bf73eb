/// What the predictions pane shows.
enum PredictionsView: String, CaseIterable, Sendable {
  case images, mistakes, confusion, classes, filters

  /// The one after it; the first follows the last.
  var next: PredictionsView {
    let all = Self.allCases
    return all[((all.firstIndex(of: self) ?? 0) + 1) % all.count]
  }
}
