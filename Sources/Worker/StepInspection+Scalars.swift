import Architecture
import Experiments
import TrainingEngine

extension StepInspection {
  /// The scalars of every layer, in the order of the plan's rows.
  func scalars(of plan: NetworkPlan) -> [(tag: String, value: Float)] {
    plan.layers.enumerated().flatMap { row, layer in
      var values: [(LayerScalar, Double?)] = [(.milliseconds, seconds[row] * 1e3)]
      if let activation = activations[row] {
        values += [
          (.activationMean, activation.mean), (.activationDeviation, activation.deviation),
        ]
        if layer.operation == .relu { values.append((.deadFraction, activation.deadFraction)) }
      }
      if let weight = weights[row] {
        values += [
          (.weightNorm, weight.norm), (.gradientNorm, weight.gradientNorm),
          (.updateRatio, weight.updateRatio),
        ]
      }
      return values.compactMap { scalar, value in
        value.map { (scalar.tag(of: layer.name), Float($0)) }
      }
    }
  }
}
