import Experiments
import Foundation

/// The learning rate of each step.
struct LearningRateSchedule {
  /// The experiment's `learning_rate`, which a warm-up ends at and a decay starts from.
  let peak: Double
  let kind: ScheduleKind
  let warmupSteps: Int
  let totalSteps: Int

  init(_ options: ScheduleOptions, learningRate: Double, stepsPerEpoch: Int, totalSteps: Int) {
    peak = learningRate
    kind = options.name
    warmupSteps = options.warmupEpochs * stepsPerEpoch
    self.totalSteps = totalSteps
  }

  /// The rate of `step`, counted from 1.
  ///
  /// A warm-up rises linearly and reaches the peak with its last step (Goyal et al. 2017, §2.2).
  /// `cosine` falls from the peak to 0 over the steps that are left (Loshchilov and Hutter 2017,
  /// equation 5, one cycle); its last step is one short of 0.
  func rate(step: Int) -> Double {
    if step <= warmupSteps { return peak * Double(step) / Double(warmupSteps) }
    switch kind {
    case .constant:
      return peak
    case .cosine:
      let progress = Double(step - warmupSteps - 1) / Double(max(1, totalSteps - warmupSteps))
      return peak * 0.5 * (1 + cos(.pi * min(1, progress)))
    }
  }
}
