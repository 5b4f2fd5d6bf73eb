/// Blocks that a network gets at the end of a stage while it is trained. They begin as the identity, so
/// that it computes what it did before (Chen et al. 2016, "Net2Net", arXiv:1511.05641, §2.3).
public struct Growth: Hashable, Sendable {
  /// Counted from 1, as in `layer1`.
  public var stage: Int
  public var blocks: Int

  public init(stage: Int, blocks: Int = 1) {
    self.stage = stage
    self.blocks = blocks
  }

  /// How many blocks one growth can add.
  public static let blockCounts = 1...NetworkSpec.Limit.blocks.upperBound
}

extension NetworkSpec {
  /// Why a block at the end of a stage cannot be the identity; nil where it can.
  ///
  /// Its branch ends in a scale of zero, or in weights of zero where the activation comes first; what
  /// reaches the sum is then the shortcut alone, and a ReLU leaves as it is what a ReLU has put out.
  public var growthObstacle: SpecError? {
    if block == .inception {
      return SpecError(
        key: "block", reason: "inception blocks have no shortcut, and cannot be the identity.")
    }
    switch shortcut {
    case .projection, .identityPad: return nil
    case .none:
      return SpecError(
        key: "shortcut",
        reason:
          "blocks without a shortcut cannot be the identity; choose projection or identity_pad.")
    case .projectionAll:
      return SpecError(
        key: "shortcut",
        reason: "blocks whose shortcut is a projection are not the identity; choose projection.")
    }
  }

  /// The network with the blocks that some growths add, one after the other.
  ///
  /// - Throws: it has no such stage, or no block can be the identity in it, or it would be too deep; the
  ///   key is that of the network.
  public func grown(by growths: [Growth]) throws(SpecError) -> NetworkSpec {
    guard !growths.isEmpty else { return self }
    if let growthObstacle { throw growthObstacle }
    var grown = self
    for growth in growths {
      guard (1...stages.count).contains(growth.stage) else {
        throw SpecError(
          key: "stages",
          reason: "there is no stage \(growth.stage); the stages are 1 to \(stages.count).")
      }
      guard Growth.blockCounts.contains(growth.blocks) else {
        throw SpecError(
          key: "stages",
          reason: "\(growth.blocks) blocks are outside \(Growth.blockCounts.lowerBound) to "
            + "\(Growth.blockCounts.upperBound).")
      }
      grown.stages[growth.stage - 1].blocks += growth.blocks
    }
    if let problem = grown.problems().first { throw problem }
    return grown
  }
}

extension NetworkPlan {
  /// How every parameter would start in a network whose blocks begin as the identity.
  public var identityParameters: [ParameterPlan] {
    var spec = spec
    spec.zeroInitResidual = true
    var lowering = Lowering(spec, startsAsIdentity: true)
    lowering.network()
    return lowering.layers.flatMap(\.parameters)
  }
}
