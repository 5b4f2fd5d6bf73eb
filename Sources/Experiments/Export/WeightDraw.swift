import Architecture

/// How the weights of a network start, as the rule over their fans that frameworks have names for:
/// mean 0 and variance `scale / fan`.
struct WeightDraw: Hashable {
  enum Fan: String {
    case input = "fan_in"
    case output = "fan_out"
    case average = "fan_avg"
  }

  var isNormal: Bool
  var scale: Double
  var fan: Fan

  /// PyTorch's own, of convolutions and linear layers: U(±1/√fan_in).
  static let pytorch = WeightDraw(isNormal: false, scale: 1.0 / 3, fan: .input)

  /// The rules of `WeightInitialization`.
  private static let all = [
    WeightDraw(isNormal: true, scale: 2, fan: .output),
    WeightDraw(isNormal: true, scale: 2, fan: .input),
    WeightDraw(isNormal: true, scale: 1, fan: .input),
    WeightDraw(isNormal: true, scale: 1, fan: .average),
    WeightDraw(isNormal: false, scale: 1, fan: .average),
    pytorch,
  ]

  /// The rule that all weights among `parameters` follow which have `rank` dimensions and do not
  /// start at a constant.
  init(_ parameters: [ParameterPlan], rank: Int) {
    let weights = parameters.filter {
      if case .constant = $0.initializer { false } else { $0.shape.count == rank }
    }
    guard let rule = Self.all.first(where: { rule in weights.allSatisfy(rule.fits) }) else {
      preconditionFailure("the weights follow none of the rules")
    }
    self = rule
  }

  private init(isNormal: Bool, scale: Double, fan: Fan) {
    self.isNormal = isNormal
    self.scale = scale
    self.fan = fan
  }

  private func fits(_ weight: ParameterPlan) -> Bool {
    let field = weight.shape.dropFirst(2).reduce(1, *)
    let (inputs, outputs) = (Double(weight.shape[1] * field), Double(weight.shape[0] * field))
    let expected =
      switch fan {
      case .input: scale / inputs
      case .output: scale / outputs
      case .average: scale / ((inputs + outputs) / 2)
      }
    let variance: Double
    switch weight.initializer {
    case .normal(let deviation) where isNormal: variance = deviation * deviation
    case .uniform(let bound) where !isNormal: variance = bound * bound / 3
    case .normal, .uniform, .constant: return false
    }
    return abs(variance / expected - 1) < 1e-9
  }

  /// The rule in words.
  var text: String {
    let share = scale == 2 ? "2" : "1"
    return switch (isNormal, fan) {
    case (true, .average): "N(0, 2 / (fan_in + fan_out))"
    case (true, _): "N(0, \(share) / \(fan.rawValue))"
    case (false, .average): "U(±√(6 / (fan_in + fan_out)))"
    case (false, _): "U(±1 / √fan_in)"
    }
  }

  /// The scale as Python writes it.
  var pythonScale: String { scale == 1.0 / 3 ? "1 / 3" : "\(scale)" }
}
