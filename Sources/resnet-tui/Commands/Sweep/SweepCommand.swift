import Architecture
import ArgumentParser
import EventLog
import Experiments
import Foundation
import Worker

struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Train the runs of a sweep.yaml, and say how they compare.",
    discussion: """
      The runs are those of variants, of a grid or of random samples; each is kept in runs/<name> \
      beside the file, or below the folder that --runs names. Ctrl-C has the runs at work finish their steps and write checkpoints; --resume \
      goes on from there, and trains nothing that is finished. At the end, or with all runs finished, \
      it prints a table of the runs, the distribution of their errors and the Pareto front.
      """)

  @Argument(
    help: "A sweep: a YAML file, its folder, or a name under the experiments' root.",
    completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @OptionGroup var root: ExperimentsOption

  @Option(
    help: ArgumentHelp(
      "Keep the runs in this folder (default: runs, beside the file).", valueName: "folder"),
    completion: .directory)
  var runs: String?

  @Option(help: "Trainings at one time.")
  var workers = 1

  @OptionGroup var threads: ThreadsOption

  @Flag(help: "Go on with the runs that are there; finished ones stay as they are.")
  var resume = false

  @Flag(help: "Train nothing: print the runs with what their networks cost.")
  var dryRun = false

  @Flag(help: "Train nothing: print how the runs that are there came out.")
  var report = false

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard (1...256).contains(workers) else {
      throw ValidationError("--workers must be from 1 to 256")
    }
    try FolderOption.check(runs, "--runs")
    if [resume, dryRun, report].count(where: { $0 }) > 1 {
      throw ValidationError("--resume, --dry-run and --report exclude each other")
    }
  }

  func run() throws {
    try Failure.reporting {
      let path = try ExperimentLocator(root: root.experiments).sweepFile(for: file)
      let sweep = try Sweep.load(path)
      if var problem = sweep.problem {
        problem.file = path
        throw problem
      }
      let items = sweep.runs.map {
        SweepQueue.Item(run: $0, directory: directory(of: $0, sweep: path))
      }
      for item in items { try check(item) }
      var failure: Failure?
      if !report, !dryRun {
        StopSignals.install()
        failure = try train(items)
      }
      let report = SweepReport(try items.map { try dryRun ? plannedRow(of: $0) : row(of: $0) })
      if json {
        try Output.json(SweepSummary(report, sweep: path))
      } else {
        try Output.text(SweepTable(report, of: sweep, isDry: dryRun).text())
      }
      if let failure { throw failure }
    }
  }

  private func directory(of run: Sweep.Run, sweep path: String) -> RunDirectory {
    guard let runs else { return RunDirectory(besideExperiment: path, id: run.id) }
    return RunDirectory(path: "\(RunDirectory(path: runs).path)/\(run.id)")
  }

  /// What it is to become, whatever has been trained.
  private func plannedRow(of item: SweepQueue.Item) throws -> SweepReport.Row {
    let experiment = item.run.experiment
    let network = try experiment.network.grown(by: experiment.grow.map(\.growth))
    return SweepReport.Row(
      item.run, plan: try NetworkPlan(network), isFinished: false, history: nil)
  }

  private func row(of item: SweepQueue.Item) throws -> SweepReport.Row {
    let history = RunHistory.known(of: item.directory)
    return SweepReport.Row(
      item.run,
      plan: try NetworkPlan(
        item.directory.grown(item.run.experiment.network, history: history ?? RunHistory())),
      isFinished: item.directory.isFinished, history: history)
  }

  /// - Returns: why some runs were not trained to their end; nil where all were.
  private func train(_ items: [SweepQueue.Item]) throws -> Failure? {
    if !resume, let item = items.first(where: { $0.directory.occupant != nil }) {
      throw Failure.badInput(
        "\(item.directory.path): holds a run already; --resume goes on with the sweep, --runs "
          + "keeps new ones elsewhere")
    }
    let waiting = items.filter { !$0.directory.isFinished }
    let queue = SweepQueue(
      items: waiting, workers: workers,
      threads: threads.share(of: workers), resumes: resume,
      hasTrained: waiting.count < items.count)
    let progress = SweepProgress(
      total: items.count, done: items.count - waiting.count,
      columns: { Output.errorIsTerminal ? Output.columns(of: STDERR_FILENO) : nil },
      write: Output.progress)
    let clock = ContinuousClock()
    let start = clock.now
    do {
      try Foreground.run {
        try await queue.run(telling: progress.note)
      } tick: {
        progress.show(at: (clock.now - start) / .seconds(1))
      }
    } catch {
      progress.clear()
      guard StopSignals.current() != 0, !(error is Failure) else { throw error }
      Output.complain("stopped; --resume goes on with the sweep\n")
      throw ExitCode(128 + StopSignals.current())
    }
    let failures = progress.failures
    guard let first = failures.first else { return nil }
    return Failure.failed(
      "\(failures.count) of \(items.count) runs failed, \(first.run) first: \(first.reason)")
  }

  /// A run that is there has to be the sweep's.
  private func check(_ item: SweepQueue.Item) throws {
    let ran: Experiment
    do throws(ExperimentError) {
      ran = try Experiment.load(item.directory.experimentPath)
    } catch {
      // It came to nothing: a worker says what is to be done.
      return
    }
    guard let difference = item.run.experiment.firstDifference(from: ran) else { return }
    throw Failure.badInput(
      "\(item.directory.path): ran with \(difference); remove it, or name the run otherwise")
  }
}
