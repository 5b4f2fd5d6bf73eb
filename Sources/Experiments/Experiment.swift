public import Architecture

/// What to run: a network, its data and its training, as one `experiment.yaml` says it.
public struct Experiment: Hashable, Sendable {
  public var name: String
  public var description: String
  /// 0 to 2⁶³; every random draw of the run follows from it.
  public var seed: UInt64
  /// Its `name` is its preset's, or else the experiment's: a file holds no other.
  public var network: NetworkSpec
  public var data: DataOptions
  public var optimizer: OptimizerOptions
  public var schedule: ScheduleOptions
  public var loss: LossOptions
  public var checkpoint: CheckpointOptions
  public var log: LogOptions
  public var epochs: Int
  /// Blocks that come while it is trained, by epoch.
  public var grow: [ScheduledGrowth]
  /// Decay of a moving average of the weights, which is validated and saved in their place; nil for
  /// none.
  public var ema: Double?
  public var precision: Precision

  public init(
    name: String, description: String = "", seed: UInt64 = 0, network: NetworkSpec,
    data: DataOptions = DataOptions(), optimizer: OptimizerOptions = OptimizerOptions(),
    schedule: ScheduleOptions = ScheduleOptions(), loss: LossOptions = LossOptions(),
    checkpoint: CheckpointOptions = CheckpointOptions(), log: LogOptions = LogOptions(),
    epochs: Int = 10, grow: [ScheduledGrowth] = [], ema: Double? = nil,
    precision: Precision = .fp32
  ) {
    self.name = name
    self.description = description
    self.seed = seed
    self.network = network
    self.data = data
    self.optimizer = optimizer
    self.schedule = schedule
    self.loss = loss
    self.checkpoint = checkpoint
    self.log = log
    self.epochs = epochs
    self.grow = grow
    self.ema = ema
    self.precision = precision
  }

  /// The default experiment: a small network on the built-in images, trained in a minute or two.
  public static let standard = Experiment(
    name: "first-run",
    description: "A small residual network on the built-in procedural images",
    network: NetworkSpec(
      name: "first-run", input: ImageShape(channels: 1, height: 28, width: 28), classes: 10,
      stem: .cifar, block: .basic,
      stages: [16, 32, 64].enumerated().map { index, channels in
        Stage(blocks: 2, channels: channels, stride: Stage.defaultStride(at: index))
      }),
    data: DataOptions(set: .procedural, batch: 64),
    optimizer: OptimizerOptions(learningRate: 0.05, momentum: 0.9, weightDecay: 5e-4),
    schedule: ScheduleOptions(name: .cosine), epochs: 10)
}
