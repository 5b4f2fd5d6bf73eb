/// How often what is written to the log.
public struct LogOptions: Hashable, Sendable {
  /// Steps between two records of the loss, beyond the first `wholeSteps`, which all have one.
  public var everySteps: Int
  /// Steps between two records of every layer's activations, weights and times; nil for none.
  public var layersEverySteps: Int?
  /// Validation images that the log shows with what they are taken for. With 0 it has no pictures at all,
  /// and of the predictions the confusion matrix alone.
  public var images: Int

  public init(
    everySteps: Int = 1, layersEverySteps: Int? = 200, images: Int = Predictions.shownLimit
  ) {
    self.everySteps = everySteps
    self.layersEverySteps = layersEverySteps
    self.images = images
  }

  /// The first steps, of which every loss is kept: by them a repetition is told.
  public static let wholeSteps = 100
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
