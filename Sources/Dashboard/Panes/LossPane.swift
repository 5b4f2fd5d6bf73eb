import Cells

extension ChartPane {
  /// The loss over the steps: training raw and smoothed, validation as points.
  static func loss(_ state: State) -> ChartPane {
    ChartPane(
      pane: .loss, state: state,
      known: [
        ("loss/train", \.train, nil), ("loss/val", \.validation, .point),
        ("loss/test", \.emphasis, .otherPoint),
      ],
      foreignWords: ["loss"], goal: .least, emptyText: "The loss appears here.")
  }
}
