/// A trainable tensor.
public struct ParameterPlan: Hashable, Sendable {
  /// Its key in a state_dict, such as `layer1.0.conv1.weight`.
  public var name: String
  /// Convolutions O×(I/groups)×kH×kW, linear layers O×I, vectors C.
  public var shape: [Int]
  public var initializer: Initializer

  public var count: Int { shape.reduce(1, *) }
}

/// A tensor of state that is no parameter.
public struct BufferPlan: Hashable, Sendable {
  public var name: String
  public var shape: [Int]
  public var initialValue: Float

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
