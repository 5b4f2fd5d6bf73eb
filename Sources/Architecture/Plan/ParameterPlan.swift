/// A trainable tensor.
public struct ParameterPlan: Hashable, Sendable {
  /// The module that has it, such as `layer1.0.conv1`.
  public var module: String
  /// What it is to the module: `weight` or `bias`.
  public var role: String
  /// Convolutions O×(I/groups)×kH×kW, linear layers O×I, vectors C.
  public var shape: [Int]
  public var initializer: Initializer

  /// Its key in a state_dict, such as `layer1.0.conv1.weight`.
  public var name: String { "\(module).\(role)" }
  public var count: Int { shape.reduce(1, *) }
}

/// A tensor of state that is no parameter.
public struct BufferPlan: Hashable, Sendable {
  /// The module that has it, such as `layer1.0.bn1`.
  public var module: String
  /// What it is to the module: `running_mean` or `running_var`.
  public var role: String
  public var shape: [Int]
  public var initialValue: Float

  /// Its key in a state_dict, such as `layer1.0.bn1.running_mean`.
  public var name: String { "\(module).\(role)" }
  public var count: Int { shape.reduce(1, *) }
}

/// The distribution that a parameter starts from.
public enum Initializer: Hashable, Sendable {
  case constant(Float)
  /// Normal with mean 0.
  case normal(standardDeviation: Double)
  /// Uniform over ±`bound`.
  case uniform(bound: Double)
}
