import Architecture
import COneDNN

/// What one training step did to each layer.
public struct StepInspection: Hashable, Sendable {
  /// Of what a row puts out for a batch, N×C×H×W.
  public struct Activation: Hashable, Sendable {
    /// Over all its numbers.
    public var mean: Double
    /// Standard deviation over all its numbers.
    public var deviation: Double
    /// Fraction 0..1 of the channels that are zero throughout the batch: behind a ReLU, the units
    /// that take no part.
    public var deadFraction: Double
  }

  /// Of the weight of a convolution or linear layer.
  public struct Weight: Hashable, Sendable {
    /// ‖w‖₂ before the update.
    public var norm: Double
    /// ‖∂L/∂w‖₂.
    public var gradientNorm: Double
    /// ‖Δw‖₂ / ‖w‖₂; nil for a weight of zeros.
    public var updateRatio: Double?
  }

  /// By row of the layer plan. Rows that are computed together have what the last of them puts out;
  /// those whose output never is in memory have none.
  public internal(set) var activations: [Int: Activation] = [:]
  /// By row of the layer plan.
  public internal(set) var weights: [Int: Weight] = [:]
  /// Seconds that each row of the layer plan took, forward and backward; rows that are computed
  /// together count for the first of them.
  public internal(set) var seconds: [Double]
}

extension Network {
  /// A training step that is looked at.
  func inspectTraining() {
    var inspection = StepInspection(
      seconds: Array(repeating: 0, count: program.plan.layers.count))
    var next = 0
    let seconds = timedTraining { calls in
      while next < forwardHooks.count, program.training.forwardHooks[next].calls == calls {
        let hook = program.training.forwardHooks[next]
        inspection.activations[hook.row] = activation(hook, at: forwardHooks[next])
        next += 1
      }
    }
    for (call, time) in zip(program.trainingCalls, seconds) {
      inspection.seconds[call.layer] += time
    }
    self.inspection = inspection
  }

  private func activation(
    _ hook: Program.ForwardHook, at output: UnsafeMutableRawPointer
  ) -> StepInspection.Activation {
    var means = [Float](repeating: 0, count: hook.norm.paddedChannels)
    var variances = means
    withUnsafePointer(to: hook.norm.shape) {
      rt_norm_statistics($0, output, &means, &variances, scratchpad)
    }
    let count = Double(hook.channels)
    var (sum, squares, dead) = (0.0, 0.0, 0)
    for channel in 0..<hook.channels {
      let (mean, variance) = (Double(means[channel]), Double(variances[channel]))
      sum += mean
      squares += variance + mean * mean
      if mean == 0 && variance == 0 { dead += 1 }
    }
    let mean = sum / count
    return StepInspection.Activation(
      mean: mean, deviation: max(0, squares / count - mean * mean).squareRoot(),
      deadFraction: Double(dead) / count)
  }

  /// An update that is looked at; `copy` has room for all parameters.
  func inspectUpdate(copy: UnsafeMutableRawPointer, _ update: () -> Void) {
    copy.copyMemory(from: parameters.start(of: .value), byteCount: parameters.byteCount)
    update()
    for (row, layer) in program.plan.layers.enumerated() {
      guard let parameter = layer.parameters.first, let slot = parameters.slot(parameter.name),
        slot.isWeight
      else { continue }
      let count = slot.layout.elementCount
      func floats(_ address: UnsafeRawPointer) -> UnsafePointer<Float> {
        address.assumingMemoryBound(to: Float.self)
      }
      let before = floats(copy + slot.offset)
      let norm = rt_squares(before, nil, count).squareRoot()
      let change = rt_squares(before, floats(parameters.address(of: slot, in: .value)), count)
      inspection?.weights[row] = StepInspection.Weight(
        norm: norm,
        gradientNorm: rt_squares(
          floats(parameters.address(of: slot, in: .gradient)), nil, count
        ).squareRoot(),
        updateRatio: norm > 0 ? change.squareRoot() / norm : nil)
    }
  }
}
