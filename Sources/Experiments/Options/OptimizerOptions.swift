/// How gradients become weight changes.
public struct OptimizerOptions: Hashable, Sendable {
  /// Largest learning rate.
  public static let learningRateLimit = 1000.0
  public static let weightDecays: ClosedRange<Double> = 0...1

  public var name: OptimizerKind
  /// The peak that the schedule scales.
  public var learningRate: Double
  /// Of `sgd`.
  public var momentum: Double
  /// `sgd`: an L2 penalty added to the gradient. `adamw`: what a step takes off, times the learning
  /// rate. Both as PyTorch has it.
  public var weightDecay: Double
  public var decay: DecayedParameters
  /// Of `sgd`.
  public var nesterov: Bool
  /// Of `adamw`: decay of the gradient's mean and of its mean square.
  public var betas: [Double]
  /// Of `adamw`: added to the root of the mean square.
  public var eps: Double

  public static let defaultBetas = [0.9, 0.999]
  public static let defaultEps = 1e-8

  public init(
    name: OptimizerKind = .sgd, learningRate: Double = 0.01, momentum: Double = 0,
    weightDecay: Double = 0, decay: DecayedParameters = .all, nesterov: Bool = false,
    betas: [Double] = Self.defaultBetas, eps: Double = Self.defaultEps
  ) {
    self.name = name
    self.learningRate = learningRate
    self.momentum = momentum
    self.weightDecay = weightDecay
    self.decay = decay
    self.nesterov = nesterov
    self.betas = betas
    self.eps = eps
  }

  /// Gives what the other optimizer has alone its default.
  public mutating func dropForeignOptions() {
    switch name {
    case .sgd: (betas, eps) = (Self.defaultBetas, Self.defaultEps)
    case .adamW: (momentum, nesterov) = (0, false)
    }
  }
}

public enum OptimizerKind: String, Hashable, Sendable, CaseIterable {
  case sgd
  /// Adam with decoupled weight decay (Loshchilov and Hutter 2019).
  case adamW = "adamw"
}

/// What weight decay acts on.
public enum DecayedParameters: String, Hashable, Sendable, CaseIterable {
  /// Every parameter, as PyTorch's optimizers do it.
  case all
  /// Weights of convolutions and of the linear layer: no bias, no scale or shift of a norm (He et al.
  /// 2019, arXiv:1812.01187, section 3.1).
  case weights
}
