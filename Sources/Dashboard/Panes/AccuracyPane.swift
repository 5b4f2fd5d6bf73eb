import Cells

extension ChartPane {
  /// The accuracy over the steps, as the loss.
  static func accuracy(_ state: State) -> ChartPane {
    ChartPane(
      pane: .accuracy, state: state,
      known: [
        ("accuracy/train", \.train, nil), ("accuracy/val", \.validation, .point),
        ("accuracy/test", \.emphasis, .otherPoint),
      ],
      foreignWords: ["acc"], isPercent: true, goal: .greatest,
      emptyText: "The accuracy appears here, training and validation.")
  }
}
