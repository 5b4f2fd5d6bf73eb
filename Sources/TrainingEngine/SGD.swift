import COneDNN

/// Stochastic gradient descent as `torch.optim.SGD` does it: weight decay is added to the gradient,
/// and the velocity `v ← momentum·v + gradient` moves the parameter by `learningRate·v`.
public struct SGD: Hashable, Sendable {
  public var learningRate: Double
  public var momentum: Double
  public var weightDecay: Double
  public var nesterov: Bool
  /// Whether the decay spares biases and the norms' scales and shifts.
  public var decaysWeightsOnly: Bool

  public init(
    learningRate: Double, momentum: Double = 0, weightDecay: Double = 0, nesterov: Bool = false,
    decaysWeightsOnly: Bool = false
  ) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.weightDecay = weightDecay
    self.nesterov = nesterov
    self.decaysWeightsOnly = decaysWeightsOnly
  }

  func kernelOptions(decays: Bool) -> rt_sgd_options {
    rt_sgd_options(
      learning_rate: Float(learningRate), momentum: Float(momentum),
      weight_decay: decays ? Float(weightDecay) : 0, nesterov: nesterov)
  }
}
