import Cells
import EventLog

/// The loss over the steps: training raw and smoothed, validation as points.
struct LossPane {
  private let state: State

  init(_ state: State) { self.state = state }

  func draw(on canvas: Canvas) { pane.draw(on: canvas) }

  var pane: ChartPane {
    ChartPane(
      pane: .loss, state: state,
      known: [
        ("loss/train", \.train, nil), ("loss/val", \.validation, .point),
        ("loss/test", \.emphasis, .otherPoint),
      ],
      foreignWords: ["loss"], goal: .least,
      emptyText: "The loss appears here.")
  }
}
