import COneDNN

/// Stochastic gradient descent as `torch.optim.SGD` does it: weight decay is added to the gradient,
/// and the velocity `v ← momentum·v + gradient` moves the parameter by `learningRate·v`.
public struct SGD: Hashable, Sendable {
  public var learningRate: Double
  public var momentum: Double
  public var weightDecay: Double
  public var nesterov: Bool

  public init(
    learningRate: Double, momentum: Double = 0, weightDecay: Double = 0, nesterov: Bool = false
  ) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.weightDecay = weightDecay
    self.nesterov = nesterov
  }

  var kernelOptions: rt_sgd_options {
    rt_sgd_options(
      learning_rate: Float(learningRate), momentum: Float(momentum),
      weight_decay: Float(weightDecay), nesterov: nesterov)
  }
}
