import Architecture
import ArgumentParser
import Cells
import Experiments
import Foundation
import TrainingEngine
import Worker

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Time a network's steps on a batch in memory.",
    discussion: """
      A step is forward, loss, backward and SGD (momentum 0.9, weight decay 1e-4), after two steps \
      that warm up; with --evaluate it is forward alone, with running statistics. The time of the \
      convolutions is measured inside the same steps, with the copies that they need. --serve prints \
      "ready", then does one step and prints its milliseconds for each line on standard input.
      """)

  @Argument(help: "\(SpecReference.help)", completion: .spec)
  var spec = "resnet18"

  @Option(help: "Input as CxHxW such as 3x224x224, in place of the spec's.")
  var input: ImageShape?

  @Option(help: "Number of classes.")
  var classes = 10

  @Option(help: "\(ConvolutionAlgorithm.help)")
  var convolution = ConvolutionAlgorithm.auto

  @Option(help: "\(Precision.help)")
  var precision = Precision.fp32

  @Option(help: "Images in a batch.")
  var batch = 32

  @OptionGroup var threads: ThreadsOption

  @Option(help: "Steps to time.")
  var steps = 10

  @Flag(help: "List each layer's time, GFLOP/s and implementation.")
  var layers = false

  @Flag(help: "Time the forward pass alone, as validation does it.")
  var evaluate = false

  @Flag(help: "Do one step for each line on standard input.")
  var serve = false

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    for (name, value) in [("batch", batch), ("steps", steps), ("classes", classes)] {
      if value < 1 { throw ValidationError("--\(name) must be at least 1") }
    }
    if layers && evaluate {
      throw ValidationError("--layers times training steps; leave out --evaluate")
    }
    if serve && (json || layers) {
      throw ValidationError("--serve prints nothing but times; leave out --json and --layers")
    }
  }

  func run() throws {
    try Failure.reporting {
      var options = NetworkOptions()
      options.input = input
      options.classes = classes
      let plan = try options.resolve(spec)
      let threads = threads.count
      precision.warnIfSlow()
      let benchmark = try Benchmark(
        plan, batch: batch, threads: threads, convolution: convolution, precision: precision,
        mode: evaluate ? .evaluation : .training)
      if serve { return try serve(benchmark) }
      let report = BenchReport(
        benchmark, seconds: (0..<steps).map { _ in benchmark.step() }, isEvaluation: evaluate,
        withLayers: layers)
      if json { try Output.json(report) } else { try Output.text(report.text()) }
    }
  }

  private func serve(_ benchmark: Benchmark) throws {
    try Output.data("ready\n")
    while readLine() != nil {
      try Output.data(String(format: "%.3f\n", benchmark.step() * 1e3))
    }
  }
}
