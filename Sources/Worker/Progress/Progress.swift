/// How far a run is, for whoever watches it.
public struct Progress: Equatable, Sendable, Codable {
  public var step: Int
  public var totalSteps: Int
  /// Counted from 1.
  public var epoch: Int
  public var epochs: Int
  /// Cross-entropy of the step's batch, in nats.
  public var loss: Double
  /// Fraction 0..1 over the last steps.
  public var accuracy: Double
  public var learningRate: Double
  /// Training images a second over the last steps.
  public var imagesPerSecond: Double
  /// Seconds since the first step began.
  public var elapsed: Double
  /// Seconds until the last step, at the present rate; nil before there is one.
  public var remaining: Double?
}

/// A measurement on the validation or test images.
public struct Measurement: Equatable, Sendable, Codable {
  /// `val` or `test`.
  public var split: String
  public var step: Int
  public var epoch: Int
  public var loss: Double
  /// Fraction 0..1.
  public var accuracy: Double
  /// Seconds that the measurement took.
  public var seconds: Double
}

/// What is known before the first step.
public struct RunDescription: Equatable, Sendable, Codable {
  public var run: String
  public var network: String
  public var parameters: Int
  public var trainingImages: Int
  public var validationImages: Int
  public var stepsPerEpoch: Int
  public var epochs: Int
  public var batch: Int
  public var threads: Int
  /// Bytes that the engine allocates.
  public var memory: Int
  /// Steps that are done already.
  public var step: Int
  /// What it begins with, in words; nil for weights that are drawn, as asked for.
  public var beginning: String?
}

/// What a network has become by more blocks.
public struct NetworkGrowth: Equatable, Sendable, Codable {
  /// The optimizer step after which they came.
  public var step: Int
  /// Such as `layer3.2`.
  public var blocks: [String]
  /// Trainable numbers, now and before.
  public var parameters: Int
  public var parametersBefore: Int
  /// For one image, forward.
  public var macs: Int
  public var macsBefore: Int
}

/// How a run ended.
public struct RunSummary: Equatable, Sendable, Codable {
  public var run: String
  /// `finished` or `stopped`.
  public var state: String
  public var step: Int
  public var loss: Double?
  /// Last and best accuracy on the validation images, fractions 0..1; nil without a validation.
  public var accuracy: Double?
  public var bestAccuracy: Double?
  public var seconds: Double
}
