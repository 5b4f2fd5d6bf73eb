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
        ("loss/train", \.train, false), ("loss/val", \.validation, true),
        ("loss/test", \.emphasis, true),
      ],
      foreignWords: ["loss"], goal: .least,
      emptyText: "The loss appears here.\nPress t to train what the composer shows.")
  }
}

/// The accuracy over the steps.
struct AccuracyPane {
  private let state: State

  init(_ state: State) { self.state = state }

  func draw(on canvas: Canvas) { pane.draw(on: canvas) }

  var pane: ChartPane {
    ChartPane(
      pane: .accuracy, state: state,
      known: [
        ("accuracy/train", \.train, false), ("accuracy/val", \.validation, true),
        ("accuracy/test", \.emphasis, true),
      ],
      foreignWords: ["acc"], isPercent: true, goal: .greatest,
      emptyText: "The accuracy appears here,\ntraining and validation.")
  }
}
