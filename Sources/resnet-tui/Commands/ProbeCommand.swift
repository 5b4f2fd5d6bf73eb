import Architecture
import ArgumentParser
import Cells
import Experiments
import TrainingEngine
import Worker

struct ProbeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe",
    abstract: "Run one forward and backward on a given batch, and write all its numbers.",
    discussion: """
      The batch file has images (F32, N×C×H×W, used as given) and labels (I64, N). The output has \
      logits and loss, and of a training pass grad.<parameter> and state.<buffer>, the running \
      statistics after the step. All files are safetensors; weights have torchvision's names, of \
      RegNets too, or timm's.
      """)

  @Argument(help: "\(SpecReference.help)", completion: .spec)
  var spec: String

  @Option(help: "The state_dict to run with.", completion: .file(extensions: ["safetensors"]))
  var weights: String

  @Option(help: "Images and labels.", completion: .file(extensions: ["safetensors"]))
  var batch: String

  @Option(help: "Where to write.", completion: .file(extensions: ["safetensors"]))
  var output: String

  @Flag(help: "Forward only, with the running statistics.")
  var evaluate = false

  @OptionGroup var network: NetworkOptions

  @Option(help: "\(ConvolutionAlgorithm.help)")
  var convolution = ConvolutionAlgorithm.auto

  @Option(help: "\(Precision.help)")
  var precision = Precision.fp32

  @OptionGroup var threads: ThreadsOption

  func run() throws {
    try Failure.reporting {
      precision.warnIfSlow()
      let result = try Probe.run(
        network.resolve(spec).spec, weights: weights, batch: batch,
        mode: evaluate ? .evaluation : .training, threads: threads.count,
        convolution: convolution, precision: precision)
      try result.write(to: output)
    }
  }
}
