import Architecture
import Experiments
import Foundation
import Testing
import TrainingEngine

/// One training step of every kind of block and option against PyTorch's in float64, as
/// `make_results.py` has stored it.
@Suite struct PyTorchTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Results").path
  static let names =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
    .filter { $0.hasSuffix(".safetensors") }.map { String($0.dropLast(".safetensors".count)) }
    .sorted()

  @Test func everyKindIsThere() throws {
    let specs = try Self.names.map { try Self.stored($0).spec }
    #expect(Set(specs.map(\.block)) == Set(BlockKind.allCases))
    #expect(Set(specs.map(\.shortcut)) == Set(ShortcutKind.allCases))
    #expect(Set(specs.map(\.padding)) == Set(PaddingRule.allCases))
    #expect(Set(specs.map(\.strideAt)) == Set(StridePlacement.allCases))
  }

  @Test(arguments: names, ConvolutionAlgorithm.allCases)
  func stepAgrees(name: String, convolution: ConvolutionAlgorithm) throws {
    for threads in [1, 2] { try step(name, threads: threads, convolution: convolution) }
  }

  private func step(_ name: String, threads: Int, convolution: ConvolutionAlgorithm) throws {
    let (spec, stored) = try Self.stored(name)
    let plan = try NetworkPlan(spec)
    let labels = try #require(stored["labels"]?.integers).map(Int32.init)
    let network = try Network(
      try NetworkProgram(
        plan, batch: labels.count, threads: threads, convolution: convolution), seed: 0)
    _ = try network.images.update(fromContentsOf: #require(stored["images"]?.floats))
    try setParameters(of: network, stored)
    // Nothing of theirs is left over.
    #expect(stored.names.count { $0.hasPrefix("grad.") } == plan.parameters.count)
    #expect(stored.names.count { $0.hasPrefix("state.") } == plan.buffers.count)

    let result = labels.withUnsafeBufferPointer { network.computeGradients(labels: $0) }
    func check(_ name: String, _ values: [Float]) throws {
      let expected = try #require(stored[name]?.floats)
      let error = Self.relativeError(values, expected)
      #expect(error < 1e-4, "\(name): \(error)")
    }
    try check("loss", [Float(result.loss)])
    try check("logits", network.logits)
    for parameter in plan.parameters {
      try check("grad.\(parameter.name)", network.gradient(parameter.name))
    }
    for buffer in plan.buffers { try check("state.\(buffer.name)", network.statistic(buffer.name)) }
    _ = labels.withUnsafeBufferPointer { network.evaluate(labels: $0) }
    try check("evaluation_logits", network.logits)
  }

  private func setParameters(of network: Network, _ stored: Safetensors) throws {
    for parameter in network.program.plan.parameters {
      let tensor = try #require(stored[parameter.name], "\(parameter.name)")
      #expect(tensor.shape == parameter.shape)
      try network.setParameter(parameter.name, #require(tensor.floats))
    }
  }

  /// A batch of one, which training could not have on the smallest maps.
  @Test(arguments: names) func aSingleImageAgrees(name: String) throws {
    let (spec, stored) = try Self.stored(name)
    let network = try Network(
      try NetworkProgram(try NetworkPlan(spec), for: .evaluation, batch: 1, threads: 2), seed: 0)
    try setParameters(of: network, stored)
    for buffer in network.program.plan.buffers {
      try network.setStatistic(buffer.name, #require(stored["state.\(buffer.name)"]?.floats))
    }
    let images = try #require(stored["images"]?.floats)
    _ = network.images.update(fromContentsOf: images[..<network.images.count])
    _ = [0].withUnsafeBufferPointer { network.evaluate(labels: $0) }
    let expected = try #require(stored["evaluation_logits"]?.floats)
    let error = Self.relativeError(network.logits, Array(expected[..<spec.classes]))
    #expect(error < 1e-4)
  }

  /// 200 steps of SGD on eight batches in turn.
  @Test(arguments: ConvolutionAlgorithm.allCases, [1, 2])
  func trajectoryAgrees(convolution: ConvolutionAlgorithm, threads: Int) throws {
    let (experiment, stored) = try Self.storedExperiment("Trajectory/sgd")
    let images = try #require(stored["images"])
    let labels = try #require(stored["labels"]?.integers).map(Int32.init)
    let batch = images.shape[1]
    let network = try Network(
      try NetworkProgram(
        NetworkPlan(experiment.network), batch: batch, threads: threads, convolution: convolution),
      seed: 0)
    try setParameters(of: network, stored)
    let pixels = try #require(images.floats)
    let optimizer = experiment.optimizer
    let losses = try #require(stored["losses"]?.floats).map(Double.init)
    #expect(losses.count == 200)
    for (step, expected) in losses.enumerated() {
      let index = step % images.shape[0]
      let size = network.images.count
      _ = network.images.update(fromContentsOf: pixels[index * size..<(index + 1) * size])
      let loss = labels[index * batch..<(index + 1) * batch].withUnsafeBufferPointer {
        network.computeGradients(labels: $0).loss
      }
      #expect(abs(loss - expected) < 0.01 * expected, "step \(step + 1)")
      network.update(
        SGD(
          learningRate: optimizer.learningRate, momentum: optimizer.momentum,
          weightDecay: optimizer.weightDecay, nesterov: optimizer.nesterov))
    }
  }

  private static func stored(_ name: String) throws -> (spec: NetworkSpec, tensors: Safetensors) {
    let (experiment, tensors) = try storedExperiment(name)
    return (experiment.network, tensors)
  }

  /// What a file's metadata say of its network and its training.
  private static func storedExperiment(
    _ name: String
  ) throws -> (experiment: Experiment, tensors: Safetensors) {
    let file = try Safetensors.read("\(folder)/\(name).safetensors")
    let network = try #require(file.metadata["network"])
    let optimizer = file.metadata["optimizer"].map { "optimizer: \($0)\n" } ?? ""
    let yaml = "name: stored\nnetwork: \(network)\n\(optimizer)"
    return (try Experiment(yaml: yaml, file: "\(name).yaml"), file)
  }

  /// ‖a − b‖₂ / ‖b‖₂; ‖a‖₂ where b has nothing but rounding, such as the bias in front of a norm.
  private static func relativeError(_ a: [Float], _ b: [Float]) -> Double {
    guard a.count == b.count else { return .infinity }
    func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let size = norm(b.map(Double.init))
    guard size >= 1e-7 else { return norm(a.map(Double.init)) }
    return norm(zip(a, b).map { Double($0) - Double($1) }) / size
  }
}
