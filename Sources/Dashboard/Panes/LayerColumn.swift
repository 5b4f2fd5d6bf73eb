import Architecture
import Cells
import EventLog
import Experiments

/// A column of the layer table.
enum LayerColumn: Sendable, CaseIterable, Hashable {
  case name, kind, output, kernel, stride, groups, parameters, macs
  case activationMean, activationDeviation, deadFraction
  case weightNorm, gradientNorm, updateRatio, timeShare, speed

  /// What the network is and costs.
  static let costs: [LayerColumn] = [
    .name, .kind, .output, .kernel, .stride, .groups, .parameters, .macs,
  ]
  /// What training does to it.
  static let training: [LayerColumn] = [
    .name, .output, .activationMean, .activationDeviation, .deadFraction, .weightNorm,
    .gradientNorm, .updateRatio, .timeShare, .speed,
  ]

  var title: String {
    switch self {
    case .name: "name"
    case .kind: "kind"
    case .output: "output"
    case .kernel: "kernel"
    case .stride: "stride"
    case .groups: "groups"
    case .parameters: "params"
    case .macs: "MACs"
    case .activationMean: "mean"
    case .activationDeviation: "std"
    case .deadFraction: "dead"
    case .weightNorm: "|w|"
    case .gradientNorm: "|grad|"
    case .updateRatio: "update/w"
    case .timeShare: "time"
    case .speed: "GFLOP/s"
    }
  }

  /// What the help line says of it while the table is sorted by it.
  var meaning: String {
    switch self {
    case .activationMean: "mean of its output"
    case .activationDeviation: "standard deviation of its output"
    case .deadFraction: "channels that are zero for the whole batch"
    case .weightNorm: "norm of its weight"
    case .gradientNorm: "norm of its weight's gradient"
    case .updateRatio: "norm of an update over that of the weight"
    case .timeShare: "share of a step's time"
    case .speed: "speed of its convolution"
    default: title
    }
  }

  /// The scalar of the log that it shows; nil for what the plan tells or what is computed.
  var scalar: LayerScalar? {
    switch self {
    case .activationMean: .activationMean
    case .activationDeviation: .activationDeviation
    case .deadFraction: .deadFraction
    case .weightNorm: .weightNorm
    case .gradientNorm: .gradientNorm
    case .updateRatio: .updateRatio
    case .timeShare, .speed: .milliseconds
    case .name, .kind, .output, .kernel, .stride, .groups, .parameters, .macs: nil
    }
  }
}

/// What a run's log says of the layers.
struct LayerRecords {
  private let plan: NetworkPlan
  private let history: RunHistory
  private let batch: Int
  /// Milliseconds of all layers in the last record.
  let total: Double

  /// nil where the log has no record of layers.
  init?(_ entry: RunEntry) {
    guard let plan = entry.plan, let experiment = entry.experiment else { return nil }
    self.plan = plan
    history = entry.history
    batch = experiment.data.batch
    let history = entry.history
    let times = plan.layers.compactMap {
      history.series(LayerScalar.milliseconds.tag(of: $0.name))?.latest?.value
    }
    guard !times.isEmpty else { return nil }
    total = times.reduce(0, +)
  }

  /// Step of the last record.
  var step: Int? {
    plan.layers.lazy.compactMap {
      history.series(LayerScalar.milliseconds.tag(of: $0.name))?.latest?.step
    }.first
  }

  func series(_ column: LayerColumn, row: Int) -> Series? {
    column.scalar.flatMap { history.series($0.tag(of: plan.layers[row].name)) }
  }

  /// The number behind a cell; nil where there is none.
  func value(_ column: LayerColumn, row: Int) -> Double? {
    guard let value = series(column, row: row)?.latest?.value else { return nil }
    switch column {
    case .timeShare: return total > 0 ? value / total : nil
    case .speed:
      let layer = plan.layers[row]
      guard layer.macs > 0, value > 0 else { return nil }
      // Forward, the gradient of the weights, and but for the first layer that of the data.
      let passes = layer.inputs == [.image] ? 2.0 : 3.0
      return 2 * Double(layer.macs) * Double(batch) * passes / (value * 1e6)
    default: return value
    }
  }

  func text(_ column: LayerColumn, row: Int) -> String {
    guard let value = value(column, row: row) else { return "" }
    return switch column {
    case .deadFraction: value == 0 ? "0" : NumberText.percent(value, decimals: 0)
    case .timeShare: NumberText.percent(value)
    case .speed: NumberText.fixed(value, decimals: value < 10 ? 1 : 0)
    case .updateRatio: NumberText.scientific(value, digits: 2)
    default: NumberText.significant(value, digits: 3)
    }
  }
}
