import Architecture
import ArgumentParser
import Datasets
import Experiments
import Foundation
import TrainingEngine
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

  @Option(
    help: ArgumentHelp(
      "Wait until this run's worker has ended; may be given several times.", valueName: "run"),
    completion: .directory)
  var after: [String] = []

  @Flag(
    help: "Go on with the run from its last checkpoint (default: the newest beside the experiment)."
  )
  var resume = false

  @Option(
    help: ArgumentHelp("Begin with what this run has learned.", valueName: "run"),
    completion: .directory)
  var fork: String?

  @Option(help: "Fork from the last checkpoint at or before this step (default: the last of all).")
  var forkStep: Int?

  @Option(help: "Number of epochs, in place of the experiment's.")
  var epochs: Int?

  @Option(help: "End after this step; the schedule stays as it is.")
  var maxSteps: Int?

  @Option(help: "Seed, in place of the experiment's.")
  var seed: UInt64?

  @OptionGroup var threads: ThreadsOption

  @Option(help: "\(ConvolutionAlgorithm.help) (default: auto)")
  var convolution: ConvolutionAlgorithm?

  @Option(help: "Precision of activations and convolutions, in place of the experiment's.")
  var precision: Precision?

  @Option(
    help:
      "On standard error; auto is a bar on a terminal and plain lines elsewhere, json an object a line."
  )
  var progress = ProgressStyle.auto

  func validate() throws {
    for (name, value) in [("epochs", epochs), ("max-steps", maxSteps)] {
      if let value, value < 1 { throw ValidationError("--\(name) must be at least 1") }
    }
    try FolderOption.check(runPath, "--run")
    if resume, fork != nil { throw ValidationError("--resume and --fork exclude each other") }
    if !after.isEmpty, runPath == nil {
      throw ValidationError("--after needs --run, the folder that waits")
    }
    if forkStep != nil, fork == nil { throw ValidationError("--fork-step needs --fork") }
    if let epochs, epochs > Experiment.epochLimit {
      throw ValidationError("--epochs must be at most \(Experiment.epochLimit)")
    }
    if let seed, seed > Experiment.seedLimit {
      throw ValidationError("--seed must be at most \(Experiment.seedLimit)")
    }
  }

  func run() throws {
    try Failure.reporting {
      let path = try ExperimentLocator(root: root.experiments).file(for: experiment)
      var experiment = try Experiment.load(path)
      if let epochs { experiment.epochs = epochs }
      if let seed { experiment.seed = seed }
      if let precision { experiment.precision = precision }
      if var problem = experiment.problems.first {
        problem.file = path
        throw problem
      }
      experiment.precision.warnIfSlow()
      if let run = after.first(where: { !FileManager.default.fileExists(atPath: $0) }) {
        throw Failure.badInput("--after \(run): no such run directory")
      }
      StopSignals.install()
      guard try waitForTurn(path: path) else { throw ExitCode(128 + StopSignals.current()) }
      let summary: RunSummary
      do {
        summary = try train(experiment, path: path)
      } catch WorkerError.complete(let text) {
        return try Output.text(text + "\n")
      } catch let error as WorkerError {
        turn?.leave(because: error)
        throw error
      }
      try Output.text(ProgressText.line(summary) + "\n")
      guard summary.state == RunStatus.State.stopped.rawValue else { return }
      throw NewRun.stoppedCode
    }
  }
}

extension TrainCommand {
  /// Waits for the runs that come first; false where a signal came before its turn.
  private func waitForTurn(path: String) throws -> Bool {
    try turn?.wait(signal: StopSignals.current, pause: { usleep(Self.waitMicroseconds) }) ?? true
  }

  /// The place in the queue; nil for a training that begins at once.
  private var turn: Turn? {
    guard !after.isEmpty, let runPath else { return nil }
    return Turn(of: RunDirectory(path: runPath), after: after.map { RunDirectory(path: $0) })
  }

  /// Between two looks at the runs that come first.
  private static let waitMicroseconds: UInt32 = 200_000

  private func train(_ experiment: Experiment, path: String) throws -> RunSummary {
    let mailbox = ControlMailbox()
    let (training, directory) = try prepare(experiment, path: path, control: mailbox)
    let server = ControlServer.listen(for: directory, mailbox)
    defer { server?.stop() }
    return try training.run()
  }

  /// The run in the folder that was named, else in the first free one beside the experiment.
  private func prepare(
    _ experiment: Experiment, path: String, control: ControlMailbox
  ) throws -> (TrainingRun, RunDirectory) {
    if let runPath {
      let directory = RunDirectory(path: runPath)
      return (try training(experiment, in: directory, control), directory)
    }
    if resume, let newest = RunDirectory.newest(besideExperiment: path) {
      return (try training(experiment, in: newest, control), newest)
    }
    return try NewRun.begin(besideExperiment: path) { try training(experiment, in: $0, control) }
  }

  private var start: TrainingRun.Start {
    if let fork { return .forked(Fork(run: fork, step: forkStep)) }
    return resume ? .resumed : .anew
  }

  private func training(
    _ experiment: Experiment, in directory: RunDirectory, _ control: ControlMailbox
  ) throws -> TrainingRun {
    // What is gone on with computes as it did, unless the user says otherwise: bit for bit what it would
    // have come to.
    let recorded = resume ? directory.info : nil
    return try TrainingRun(
      experiment, directory: directory,
      location: DatasetLocation(environment: Surroundings.environment),
      options: TrainingRun.Options(
        threads: threads.threads ?? recorded?.threads(upTo: Surroundings.threads) ?? threads.count,
        convolution: convolution ?? (recorded?.algorithm).flatMap(
          ConvolutionAlgorithm.init(rawValue:))
          ?? .auto,
        maxSteps: maxSteps, start: start, version: Version.text),
      progress: progress.sink(), control: control, signal: StopSignals.current)
  }
}

extension TrainCommand.ProgressStyle {
  func sink() -> any ProgressSink {
    switch self {
    case .auto where Output.errorIsTerminal:
      BarProgress(columns: { Output.columns(of: STDERR_FILENO) }, write: Output.progress)
    case .auto, .plain: PlainProgress(write: Output.progress)
    case .json: JSONProgress(write: Output.progress)
    case .none: SilentProgress(write: Output.progress)
    }
  }
}
