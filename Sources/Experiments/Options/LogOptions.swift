/// How often what is written to the log.
public struct LogOptions: Hashable, Sendable {
  /// Steps between two records of every layer's activations, weights and times; nil for none.
  public var layersEverySteps: Int?

  public init(layersEverySteps: Int? = 200) { self.layersEverySteps = layersEverySteps }
}

/// The scalars of a layer, as tags `layers/<name>/<scalar>`.
public enum LayerScalar: String, CaseIterable, Sendable {
  /// Mean and standard deviation of what it puts out for a batch.
  case activationMean = "activation_mean"
  case activationDeviation = "activation_std"
  /// Fraction 0..1 of its channels that are zero throughout the batch, for ReLUs.
  case deadFraction = "dead_fraction"
  /// ‖w‖₂ of its weight.
  case weightNorm = "weight_norm"
  /// ‖∂L/∂w‖₂.
  case gradientNorm = "gradient_norm"
  /// ‖Δw‖₂ / ‖w‖₂ of one update.
  case updateRatio = "update_ratio"
  /// Milliseconds of a step, forward and backward.
  case milliseconds = "time_ms"

  public func tag(of layer: String) -> String { "layers/\(layer)/\(rawValue)" }
}
