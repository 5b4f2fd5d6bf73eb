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
    case .relative: "elapsed"
    case .wall: "UTC"
    }
  }

  var unit: AxisUnit {
    switch self {
    case .step, .epoch, .samples: .number
    case .relative: .duration
    case .wall: .clock
    }
  }

  /// Whether positions follow from the step alone.
  var countsSteps: Bool {
    switch self {
    case .step, .epoch, .samples: true
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

  /// nil where the run does not tell what the axis counts, as a log without epochs.
  init?(_ axis: ChartAxis, of entry: RunEntry) {
    self.axis = axis
    var factor = 1.0
    var origin = 0.0
    switch axis {
    case .step, .wall: break
    case .epoch:
      guard let steps = entry.info?.stepsPerEpoch, steps > 0 else { return nil }
      factor = 1 / Double(steps)
    case .samples:
      guard let batch = entry.info?.batch, batch > 0 else { return nil }
      factor = Double(batch)
    case .relative:
      guard let first = entry.history.firstWallTime else { return nil }
      origin = first
    }
    self.factor = factor
    self.origin = origin
  }

  /// - Parameter wallTime: in seconds since 1970.
  func x(step: Int, wallTime: Double) -> Double {
    axis.countsSteps ? Double(step) * factor : wallTime - origin
  }

  func x(_ sample: Series.Sample) -> Double { x(step: sample.step, wallTime: sample.wallTime) }
}
