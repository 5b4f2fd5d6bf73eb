import Cells
import EventLog

/// The accuracy over the steps.
struct AccuracyPane {
  private let state: State

  init(_ state: State) { self.state = state }

  func draw(on canvas: Canvas) { pane.draw(on: canvas) }

  var pane: ChartPane {
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
