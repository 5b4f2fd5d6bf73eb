public import Architecture
public import Experiments
public import TrainingEngine

/// One pass of a network over a given batch with given weights, with all its numbers: for comparing
/// them with another program's.
public enum Probe {
  public enum Mode: Sendable {
    /// Forward with the batch's statistics, loss and backward.
    case training
    /// Forward with the running statistics.
    case evaluation
  }

  /// Runs `spec` with `weights` on `batch`.
  ///
  /// - Parameters:
  ///   - weights: the file of a state_dict, under the names of `WeightNames`.
  ///   - batch: the file of `images` (F32 N×C×H×W, used as given) and `labels` (I64 N).
  /// - Returns: `logits` (N×classes) and `loss`, and of a training pass `grad.<parameter>` and
  ///   `state.<buffer>`, the running statistics after it.
  /// - Throws: `WorkerError.input` where the three do not go together.
  public static func run(
    _ spec: NetworkSpec, weights: String, batch: String, mode: Mode, threads: Int,
    convolution: ConvolutionAlgorithm, precision: Precision
  ) throws -> Safetensors {
    let given = try Safetensors.read(batch)
    let (images, labels) = try check(given, spec: spec, file: batch)
    let network: Network
    do {
      let program = try NetworkProgram(
        NetworkPlan(spec), for: mode == .training ? .training : .evaluation, batch: labels.count,
        threads: threads, convolution: convolution, precision: precision)
      network = try Network(program, seed: 0)
    } catch {
      throw WorkerError.input("\(error)")
    }
    try network.load(Safetensors.read(weights), file: weights)
    _ = network.images.update(fromContentsOf: images)
    let result = labels.withUnsafeBufferPointer { labels in
      mode == .training
        ? network.computeGradients(labels: labels) : network.evaluate(labels: labels)
    }
    var output = Safetensors([
      "logits": Safetensors.Tensor(
        floats: network.logits, shape: [labels.count, spec.classes]),
      "loss": Safetensors.Tensor(floats: [Float(result.loss)], shape: []),
    ])
    guard mode == .training else { return output }
    for parameter in network.program.plan.parameters {
      output["grad.\(parameter.name)"] = Safetensors.Tensor(
        floats: try network.gradient(parameter.name), shape: parameter.shape)
    }
    for buffer in network.program.plan.buffers {
      output["state.\(buffer.name)"] = Safetensors.Tensor(
        floats: try network.statistic(buffer.name), shape: buffer.shape)
    }
    return output
  }

  private static func check(
    _ batch: Safetensors, spec: NetworkSpec, file: String
  ) throws(WorkerError) -> (images: [Float], labels: [Int32]) {
    guard let images = batch["images"], let floats = images.floats else {
      throw .input("\(file): has no images; give them as F32 N×C×H×W")
    }
    guard let labels = batch["labels"], let integers = labels.integers, labels.shape.count == 1
    else { throw .input("\(file): has no labels; give them as I64 N") }
    guard images.shape == [integers.count] + spec.input.dimensions, !integers.isEmpty else {
      throw .input(
        "\(file): images are \(images.shape) and labels \(labels.shape) where the network takes "
          + "[N, \(spec.input.dimensions.map(String.init).joined(separator: ", "))] and [N]; resize them, or set the "
          + "network's input")
    }
    guard let outside = integers.first(where: { !(0..<Int64(spec.classes)).contains($0) }) else {
      return (floats, integers.map(Int32.init))
    }
    throw .input("\(file): label \(outside) is none of the \(spec.classes) classes")
  }
}
