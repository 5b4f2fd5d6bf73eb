import Architecture
public import ArgumentParser
import Cells
import Datasets
import Experiments
import TrainingEngine
public import Worker

extension Evaluation.Split: ExpressibleByArgument {}

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure trained weights: loss, accuracy, confusion matrix.")

  @Argument(
    help: ArgumentHelp(
      "A run directory, whose newest checkpoint is measured, or a file of weights.",
      valueName: "run|checkpoint"),
    completion: .directory)
  var source: String

  @Option(
    help:
      "Images to measure on: train, as they are; val, those that the run validates on; or test.",
    completion: .list(Evaluation.Split.allCases.map(\.rawValue)))
  var split = Evaluation.Split.test

  @Option(
    help: "The experiment of weights that stand in no run.",
    completion: .file(extensions: ["yaml", "yml"]))
  var experiment: String?

  @Option(help: "\(ConvolutionAlgorithm.help)")
  var convolution = ConvolutionAlgorithm.auto

  @OptionGroup var threads: ThreadsOption

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    try Failure.reporting {
      let trained = try TrainedWeights(source, experiment: experiment)
      if var problem = trained.experiment.problems.first {
        problem.file = experiment ?? source
        throw problem
      }
      trained.experiment.precision.warnIfSlow()
      let evaluation = try Evaluation(
        of: trained.weights, file: trained.file, experiment: trained.experiment, on: split,
        location: DatasetLocation(environment: Surroundings.environment),
        threads: threads.count, convolution: convolution)
      let report = EvaluationReport(trained, evaluation, split: split)
      if json { return try Output.json(report) }
      try Output.text(report.text)
    }
  }
}
