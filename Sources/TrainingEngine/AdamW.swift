import COneDNN
import Foundation

/// Adam with decoupled weight decay as `torch.optim.AdamW` does it (Loshchilov and Hutter 2019,
/// arXiv:1711.05101).
public struct AdamW: Hashable, Sendable {
  public var learningRate: Double
  /// Decay of the gradient's mean and of its mean square.
  public var beta1, beta2: Double
  /// Added to the square root of the mean square.
  public var epsilon: Double
  public var weightDecay: Double
  /// Whether the decay spares biases and the norms' scales and shifts.
  public var decaysWeightsOnly: Bool
  /// The update's number over the whole run, from 1: early moments are corrected for their start at 0.
  public var step: Int

  public init(
    learningRate: Double, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0.01, decaysWeightsOnly: Bool = false, step: Int
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.decaysWeightsOnly = decaysWeightsOnly
    self.step = step
  }

  /// - Parameter birth: the update after which the parameter came into the network.
  func kernelOptions(decays: Bool, birth: Int) -> rt_adamw_options {
    rt_adamw_options(
      learning_rate: Float(learningRate), beta1: Float(beta1), beta2: Float(beta2),
      epsilon: Float(epsilon), weight_decay: decays ? Float(weightDecay) : 0,
      rest1: Float(1 - beta1), rest2: Float(1 - beta2),
      correction1: Float(1 - pow(beta1, Double(step - birth))),
      correction2: Float(1 - pow(beta2, Double(step - birth))))
  }
}
