/// A lowered network: the rows that the layer table, the costs, the engine, the checkpoint's names
/// and the exports all iterate.
public struct NetworkPlan: Hashable, Sendable {
  public let spec: NetworkSpec
  /// In order of execution; the last row's output are the logits.
  public let layers: [LayerPlan]
  public let total: Cost

  /// The plan follows from its spec.
  public static func == (one: NetworkPlan, other: NetworkPlan) -> Bool { one.spec == other.spec }
  public func hash(into hasher: inout Hasher) { hasher.combine(spec) }

  /// What a network costs.
  public struct Cost: Hashable, Sendable, Codable {
    /// Trainable numbers.
    public var parameters: Int
    /// Multiply-accumulates for one image, forward.
    public var macs: Int
    /// Output elements of convolutions and linear layers for one image.
    public var activations: Int
  }

  /// Lowers `spec`.
  ///
  /// - Throws: the first of the spec's `problems()`.
  public init(_ spec: NetworkSpec) throws(SpecError) {
    if let problem = spec.problems().first { throw problem }
    var lowering = Lowering(spec)
    lowering.network()
    let total = lowering.layers.reduce(into: Cost(parameters: 0, macs: 0, activations: 0)) {
      $0.parameters &+= $1.parameterCount
      $0.macs &+= $1.macs
      $0.activations &+= $1.activations
    }
    // Ranges bound each layer; their sum over hundreds of the largest could still wrap round.
    let approximate = lowering.layers.reduce(0.0) {
      $0 + Double($1.macs) + Double($1.parameterCount)
    }
    guard approximate < 0x1p62 else {
      throw SpecError(key: "stages", reason: "the network is too large to count; make it smaller.")
    }
    self.spec = spec
    self.layers = lowering.layers
    self.total = total
  }

  /// Trainable tensors in order of execution.
  public var parameters: [ParameterPlan] { layers.flatMap(\.parameters) }
  /// Running statistics in order of execution.
  public var buffers: [BufferPlan] { layers.flatMap(\.buffers) }
}
