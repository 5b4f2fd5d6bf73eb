/// All of a training that a later process needs to go on as if it had never stopped.
public struct Checkpoint: Hashable, Sendable {
  /// Where the training stands.
  public struct Position: Codable, Hashable, Sendable {
    /// Optimizer steps done.
    public var step: Int
    /// Epochs done.
    public var epoch: Int
    /// Batches done of the epoch that follows.
    public var batchIndex: Int
    /// Bytes of the event log that belong to the steps done.
    public var logLength: Int
    public var seed: UInt64
    /// Of the best checkpoint so far; nil before the first validation.
    public var best: Best?
    /// What a message has made of the schedule's learning rates; nil for nothing.
    public var rateScale: Double?
    /// Of the steps since the last record of the training's accuracy.
    public var interval: Interval?
    /// What the network has become since the run began; nil for nothing.
    public var growths: [GrowthRecord]?
    /// The steps after which the optimizer began with modules, such as `layer3.2`, or with single tensors,
    /// by their names; nil where it began with all of them at the start.
    public var births: [String: Int]?
    /// Whether the network was validated after this step; nil where the run has taken no step of its own.
    public var wasValidated: Bool?

    public init(
      step: Int, epoch: Int, batchIndex: Int, logLength: Int, seed: UInt64, best: Best? = nil,
      rateScale: Double? = nil, interval: Interval? = nil, growths: [GrowthRecord]? = nil,
      births: [String: Int]? = nil, wasValidated: Bool? = nil
    ) {
      self.step = step
      self.epoch = epoch
      self.batchIndex = batchIndex
      self.logLength = logLength
      self.seed = seed
      self.best = best
      self.rateScale = rateScale
      self.interval = interval
      self.growths = growths
      self.births = births
      self.wasValidated = wasValidated
    }

    /// Whether a training can stand there: a file may say anything.
    var isSound: Bool {
      let counts = [step, epoch, batchIndex, logLength, interval?.images ?? 0, best?.step ?? 0]
      return counts.allSatisfy { (0...Self.countLimit).contains($0) }
        && interval.map { (0...$0.images).contains($0.correct) } ?? true
        && rateScale.map { $0 > 0 } ?? true
        && (growths ?? []).allSatisfy { (0...step).contains($0.step) }
        && (growths ?? []).count <= ScheduledGrowth.countLimit
        && (births ?? [:]).values.allSatisfy { (0...step).contains($0) }
    }

    /// More than any training counts; sums stay within an `Int`.
    private static let countLimit = 1 << 48

    enum CodingKeys: String, CodingKey {
      case step, epoch, seed, best, interval, growths, births
      case rateScale = "rate_scale"
      case batchIndex = "batch_index"
      case logLength = "log_length"
      case wasValidated = "validated"
    }
  }

  /// Training images that have been seen, and how many were recognised.
  public struct Interval: Codable, Hashable, Sendable {
    public var images: Int
    public var correct: Int

    public init(images: Int, correct: Int) {
      self.images = images
      self.correct = correct
    }
  }

  /// The step with the highest validation accuracy.
  public struct Best: Codable, Hashable, Sendable {
    public var step: Int
    /// Fraction of `val`.
    public var accuracy: Double

    public init(step: Int, accuracy: Double) {
      self.step = step
      self.accuracy = accuracy
    }
  }

  public var position: Position
  /// Parameters and running statistics under torchvision's names; their averages, if the training
  /// keeps any.
  public var weights: Safetensors
  /// What the optimizer keeps, under PyTorch's name for it in front of the parameter's, such as
  /// `momentum_buffer.conv1.weight`; and with averages the weights that go on being trained, as
  /// `raw.conv1.weight`.
  public var optimizer: Safetensors

  public init(position: Position, weights: Safetensors, optimizer: Safetensors) {
    self.position = position
    self.weights = weights
    self.optimizer = optimizer
  }
}
