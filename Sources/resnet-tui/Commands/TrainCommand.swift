import ArgumentParser
import Datasets
import Experiments
import Foundation
import Worker

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train an experiment, with no dashboard.",
    discussion: """
      Writes the run's event log, status and checkpoints. Ctrl-C or SIGTERM finishes the step, \
      writes a checkpoint and exits 130 or 143; a hang-up of the terminal changes nothing.
      """)

  enum ProgressStyle: String, ExpressibleByArgument, CaseIterable {
    case auto, plain, json, none
  }

  @Argument(
    help: "An experiment: a YAML file, its folder, or a name under the experiments' root.",
    completion: .file(extensions: ["yaml", "yml"]))
  var experiment: String

  @OptionGroup var root: ExperimentsOption

  @Option(
    name: .customLong("run"), help: "The run directory (default: runs/<id> beside the experiment).",
    completion: .directory)
  var runPath: String?

  @Option(help: "Number of epochs, in place of the experiment's.")
  var epochs: Int?

  @Option(help: "End after this step; the schedule stays as it is.")
  var maxSteps: Int?

  @Option(help: "Seed, in place of the experiment's.")
  var seed: UInt64?

  @Option(help: "Threads to compute with (default: one a core).")
  var threads: Int?

  @Option(
    help:
      "On standard error; auto is a bar on a terminal and plain lines elsewhere, json an object a line."
  )
  var progress = ProgressStyle.auto

  func validate() throws {
    for (name, value) in [("epochs", epochs), ("max-steps", maxSteps), ("threads", threads)] {
      if let value, value < 1 { throw ValidationError("--\(name) must be at least 1") }
    }
    if let threads, threads > 256 { throw ValidationError("--threads must be at most 256") }
  }

  func run() throws {
    try Failure.reporting {
      let path = try ExperimentLocator(root: root.experiments).file(for: experiment)
      var experiment = try Experiment.load(path)
      if let epochs { experiment.epochs = epochs }
      if let seed { experiment.seed = seed }
      if var problem = experiment.problems.first {
        problem.file = path
        throw problem
      }
      let directory = runDirectory(experiment: path)
      StopSignals.install()
      let training = try TrainingRun(
        experiment, directory: directory,
        location: DatasetLocation(environment: Surroundings.environment),
        options: TrainingRun.Options(
          threads: threads ?? Surroundings.threads, maxSteps: maxSteps, version: Version.text),
        progress: progress.sink(), signal: StopSignals.current)
      let summary = try training.run()
      Output.result(ProgressText.line(summary) + "\n")
      let signal = StopSignals.current()
      if summary.state == RunStatus.State.stopped.rawValue { throw ExitCode(128 + signal) }
    }
  }
}

extension TrainCommand {
  private func runDirectory(experiment path: String) -> RunDirectory {
    runPath.map { RunDirectory(path: $0) } ?? .new(besideExperiment: path)
  }
}

extension TrainCommand.ProgressStyle {
  func sink() -> any ProgressSink {
    switch self {
    case .auto where Output.errorIsTerminal:
      BarProgress(columns: Output.errorColumns, write: Output.error)
    case .auto, .plain: PlainProgress(write: Output.error)
    case .json: JSONProgress(write: Output.error)
    case .none: SilentProgress()
    }
  }
}
