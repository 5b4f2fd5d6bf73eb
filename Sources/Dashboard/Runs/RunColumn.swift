import Architecture
import Cells
import EventLog
import Experiments

/// A column of the table of runs.
enum RunColumn: Sendable, CaseIterable, Hashable {
  case state, experiment, run, epoch, step, best, accuracy, loss, parameters, macs, time, note

  var title: String {
    switch self {
    case .state: ""
    case .experiment: "experiment"
    case .run: "run"
    case .epoch: "epoch"
    case .step: "step"
    case .best: "best"
    case .accuracy: "last"
    case .loss: "loss"
    case .parameters: "params"
    case .macs: "MACs"
    case .time: "time"
    case .note: "note"
    }
  }

  /// What the notice says of it while the table is sorted by it.
  var meaning: String {
    switch self {
    case .state: "state"
    case .best: "best validation accuracy"
    case .accuracy: "last validation accuracy"
    case .loss: "last validation loss"
    case .parameters: "parameters"
    case .time: "time of training, without pauses"
    default: title
    }
  }

  /// What a query may call it; nothing for what cannot be compared with a number.
  var queryNames: [String] {
    switch self {
    case .epoch: ["epoch"]
    case .step: ["step", "steps"]
    case .best: ["accuracy", "best"]
    case .accuracy: ["last"]
    case .loss: ["loss"]
    case .parameters: ["params", "parameters"]
    case .macs: ["macs"]
    case .time: ["time", "seconds"]
    case .state, .experiment, .run, .note: []
    }
  }

  /// From the right to the left, what goes first where there is no room; 0 stays.
  var dropOrder: Int {
    switch self {
    case .state, .experiment, .best: 0
    case .run: 2
    case .step: 3
    case .accuracy: 4
    case .loss: 5
    case .parameters: 6
    case .macs: 7
    case .time: 8
    case .epoch: 9
    case .note: 10
    }
  }
}

extension RunEntry {
  /// The number in a column; nil where there is none.
  func number(_ column: RunColumn) -> Double? {
    switch column {
    case .epoch: epoch.map(Double.init)
    case .step: Double(history.lastStep)
    case .best: history.series("accuracy/val")?.maximum?.value
    case .accuracy: history.series("accuracy/val")?.latest?.value
    case .loss: history.series("loss/val")?.latest?.value
    case .parameters: plan.map { Double($0.total.parameters) }
    case .macs: plan.map { Double($0.total.macs) }
    case .time: seconds
    case .state, .experiment, .run, .note: nil
    }
  }

  /// Epoch of the last step, counted from 1; nil where the log tells of none.
  var epoch: Int? {
    guard let info, info.stepsPerEpoch > 0 else { return nil }
    let epochs = max(1, info.totalSteps / info.stepsPerEpoch)
    return min(epochs, max(0, history.lastStep - 1) / info.stepsPerEpoch + 1)
  }

  /// That its training took.
  var seconds: Double? { history.seconds }

  /// What the user has called it; nil where it goes by its experiment and id.
  var title: String? {
    // A log may say anything.
    history.text("run/name").flatMap { $0.isEmpty ? nil : String($0.prefix(RunAnnotation.limit)) }
  }

  /// The last note.
  var note: String? { history.remarks.last { $0.tag == "run/note" }?.text }
}
