import Cells
import EventLog
import Experiments

/// What the x axis of the charts counts.
enum ChartAxis: Sendable, CaseIterable, Hashable {
  /// Optimizer updates.
  case step
  /// Passes over the training images.
  case epoch
  /// Training images.
  case samples
  /// Multiply-accumulate operations of the forward passes: networks are compared at equal compute.
  case macs
  /// Seconds since the run's first event.
  case relative
  /// The time of day.
  case wall

  /// At the end of the axis.
  var label: String {
    switch self {
    case .step: "step"
    case .epoch: "epoch"
    case .samples: "images"
    case .macs: "MACs"
    case .relative: "elapsed"
    case .wall: "UTC"
    }
  }

  var unit: AxisUnit {
    switch self {
    case .step, .epoch, .samples, .macs: .number
    case .relative: .duration
    case .wall: .clock
    }
  }

  /// Whether positions follow from the step alone.
  var countsSteps: Bool {
    switch self {
    case .step, .epoch, .samples, .macs: true
    case .relative, .wall: false
    }
  }
}

/// Where the events of one run stand on an axis.
struct AxisPlacing: Sendable {
  let axis: ChartAxis
  /// x of an event is `factor` times its step, or its time less `origin`.
  private let factor: Double
  private let origin: Double
  /// x of a step's event, where that is no multiple of it.
  private let compute: TrainingCompute?

  /// nil where the run does not tell what the axis counts, as a log without epochs.
  init?(_ axis: ChartAxis, of entry: RunEntry) {
    self.axis = axis
    var factor = 1.0
    var origin = 0.0
    var compute: TrainingCompute?
    switch axis {
    case .step, .wall: break
    case .epoch:
      guard let steps = entry.info?.stepsPerEpoch, steps > 0 else { return nil }
      factor = 1 / Double(steps)
    case .samples:
      guard let batch = entry.info?.batch, batch > 0 else { return nil }
      factor = Double(batch)
    case .macs:
      guard let known = entry.compute else { return nil }
      compute = known
    case .relative:
      guard let first = entry.history.firstWallTime else { return nil }
      origin = first
    }
    self.factor = factor
    self.origin = origin
    self.compute = compute
  }

  /// - Parameter wallTime: in seconds since 1970.
  func x(step: Int, wallTime: Double) -> Double {
    guard axis.countsSteps else { return wallTime - origin }
    return compute?.macs(upTo: step) ?? Double(step) * factor
  }

  func x(_ sample: Series.Sample) -> Double { x(step: sample.step, wallTime: sample.wallTime) }
}
