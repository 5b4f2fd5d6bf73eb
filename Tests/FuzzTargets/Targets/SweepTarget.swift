import Architecture
import Experiments

extension FuzzTarget {
  /// Sweeps: the runs of one that is accepted have names of their own that are folders, and experiments
  /// that read back.
  static let sweep = FuzzTarget(
    name: "sweep", lengthLimit: 1024, shortRun: 5_000, dictionary: sweepWords,
    seeds: sweepSeeds.map { Array($0.utf8) }
  ) { bytes throws(FuzzFailure) in
    let sweep = try accepted { () throws(ExperimentError) in
      try Sweep(
        yaml: String(decoding: bytes, as: UTF8.self), file: "sweep.yaml",
        limits: Sweep.Limits(runs: 100, draws: 20)
      ) {
        (
          $0 == "regnet.yaml"
            ? varied("{regnet: {depth: 6, w0: 16, wa: 16, wm: 2.5, group_width: 8}, ")
            : varied("{preset: resnet20_cifar, "), $0
        )
      }
    }
    guard let sweep else { return }
    try require(Set(sweep.runs.map(\.id)).count == sweep.runs.count, "names are names of one run")
    for run in sweep.runs.prefix(16) {
      try require(Experiment.folderName(for: run.id) == run.id, "\(run.id) is a folder")
      let copy = try unfailing("an experiment that was written is read") {
        () throws(ExperimentError) in
        try Experiment(yaml: run.experiment.yaml(), file: "copy.yaml")
      }
      try require(copy == run.experiment, "\(run.experiment.yaml()) reads back")
    }
    if let problem = sweep.problem { try requireOneLine(problem.description) }
  }

  private static func varied(_ network: String) -> String {
    "network: \(network)input: [1, 28, 28], classes: 10}\nepochs: 3\n"
  }

  private static let sweepSeeds = [
    "grid: {optimizer.learning_rate: [0.1, 0.01], seed: [0, 1]}\n",
    """
    variants:
      residual:
      plain: {network.shortcut: none}
      deep: {network: {preset: resnet56_cifar, input: [1, 28, 28], classes: 10}, epochs: 2}
    grid: {seed: [3, 4]}
    """,
    """
    experiment: regnet.yaml
    random:
      samples: 5
      seed: 7
      space:
        network.regnet.depth: {min: 4, max: 12}
        network.regnet.w0: {min: 8, max: 48, step: 8}
        network.regnet.wa: {min: 4.0, max: 32.0, scale: log}
        network.regnet.group_width: [4, 8, 16]
        epochs: {min: 1, max: 64, scale: log}
      accept: {macs: {max: 4.0e+6}, stages: {min: 2, max: 4}}
    """,
    "variants: {a: {network.stages[0].blocks: 3}, b: {data.augment[1]: flip}}\n",
    "random: {samples: 3, space: {seed: {min: -1099511627776, max: 1099511627776, step: 3}}}\n",
    "random: {samples: 3, space: {ema: {min: 1.0e-300, max: 1.0e+300, scale: log}}}\n",
  ]

  private static let sweepWords = [
    "experiment: ", "variants: ", "grid: ", "random: ", "samples: ", "seed: ", "space: ",
    "accept: ",
    "{min: ", "max: ", "step: ", "scale: log", "network.", "stages[0]", "optimizer.learning_rate: ",
    "macs: ", "parameters: ", "null", "[1, 2]", "1e308", "9223372036854775807", "..", "[", "]", "_",
  ]
}
