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
    for parameter in plan.parameters {
      let tensor = try #require(stored[parameter.name], "\(parameter.name)")
      #expect(tensor.shape == parameter.shape)
      try network.setParameter(parameter.name, #require(tensor.floats))
    }
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

  private static func stored(_ name: String) throws -> (spec: NetworkSpec, tensors: Safetensors) {
    let file = try Safetensors.read("\(folder)/\(name).safetensors")
    let network = try #require(file.metadata["network"])
    let yaml = "name: \(name)\nnetwork: \(network)\n"
    return (try Experiment(yaml: yaml, file: "\(name).yaml").network, file)
  }

  /// ‖a − b‖₂ / ‖b‖₂; 0 where b has nothing but rounding, such as the bias in front of a norm.
  private static func relativeError(_ a: [Float], _ b: [Float]) -> Double {
    guard a.count == b.count else { return .infinity }
    func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let size = norm(b.map(Double.init))
    return size < 1e-7 ? 0 : norm(zip(a, b).map { Double($0) - Double($1) }) / size
  }
}
