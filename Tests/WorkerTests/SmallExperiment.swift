import Architecture
import Experiments

extension Experiment {
  /// Ten steps an epoch on a one-block network.
  static let small = Experiment(
    name: "small",
    network: NetworkSpec(
      name: "small", input: ImageShape(channels: 1, height: 28, width: 28), classes: 10,
      stem: .cifar, block: .basic, stages: [Stage(blocks: 1, channels: 8, stride: 2)]),
    data: DataOptions(batch: 16, limit: 192, holdout: 32),
    optimizer: OptimizerOptions(learningRate: 0.05, momentum: 0.9), epochs: 2)
}
