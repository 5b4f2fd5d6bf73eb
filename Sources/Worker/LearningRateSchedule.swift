import Experiments
import Foundation

/// The learning rate of each step.
struct LearningRateSchedule {
  /// The experiment's `learning_rate`, which a warm-up ends at and a decay starts from.
  let peak: Double
  let kind: ScheduleKind
  let warmupSteps: Int
  let totalSteps: Int
  /// Steps between two falls of `step`, and its factor.
  let fallSteps: Int
  let gamma: Double

  init(_ options: ScheduleOptions, learningRate: Double, stepsPerEpoch: Int, totalSteps: Int) {
    peak = learningRate
    kind = options.name
    warmupSteps = options.warmupEpochs * stepsPerEpoch
    self.totalSteps = totalSteps
    fallSteps = options.stepSize * stepsPerEpoch
    gamma = options.gamma
  }

  /// The rate of `step`, counted from 1.
  ///
  /// A warm-up rises linearly and reaches the peak with its last step (Goyal et al. 2017, §2.2).
  /// `cosine` falls from the peak to 0 over the steps that are left (Loshchilov and Hutter 2017,
  /// equation 5, one cycle); its last step is one short of 0. `step` counts its epochs from the
  /// run's first, warm-up or not.
  func rate(step: Int) -> Double {
    if step <= warmupSteps { return peak * Double(step) / Double(warmupSteps) }
    switch kind {
    case .constant:
      return peak
    case .step: return peak * pow(gamma, Double((step - 1) / max(1, fallSteps)))
    case .oneCycle: return oneCycle(step: step)
    case .cosine:
      let progress = Double(step - warmupSteps - 1) / Double(max(1, totalSteps - warmupSteps))
      return peak * 0.5 * (1 + cos(.pi * min(1, progress)))
    }
  }

  /// From 1/25 of the peak up to it over three tenths of the run, and down to 1/250,000 of it with
  /// the last step, each half a cosine: the defaults of PyTorch's `OneCycleLR`.
  private func oneCycle(step: Int) -> Double {
    let (start, end) = (peak / 25, peak / 25 / 1e4)
    let top = 0.3 * Double(totalSteps) - 1
    let last = Double(totalSteps - 1)
    let index = min(Double(step - 1), last)
    func between(_ from: Double, _ to: Double, _ share: Double) -> Double {
      to + (from - to) * 0.5 * (1 + cos(.pi * share))
    }
    return index <= top
      ? between(start, peak, top > 0 ? index / top : 1)
      : between(peak, end, (index - top) / (last - top))
  }
}
