/// How gradients become weight changes.
public struct OptimizerOptions: Hashable, Sendable {
  public var name: OptimizerKind
  /// The peak that the schedule scales.
  public var learningRate: Double
  public var momentum: Double
  /// L2 penalty added to the gradient (PyTorch's convention).
  public var weightDecay: Double
  public var nesterov: Bool

  public init(
    name: OptimizerKind = .sgd, learningRate: Double = 0.01, momentum: Double = 0,
    weightDecay: Double = 0, nesterov: Bool = false
  ) {
    self.name = name
    self.learningRate = learningRate
    self.momentum = momentum
    self.weightDecay = weightDecay
    self.nesterov = nesterov
  }
}

public enum OptimizerKind: String, Hashable, Sendable, CaseIterable {
  case sgd
}
