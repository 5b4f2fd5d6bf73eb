import Architecture
import Randomness
import Testing
import TrainingEngine

@Suite struct PresetTrainingTests {
  /// Two steps: a missed reorder of a gradient leaves the first loss exact and spoils the second.
  @Test(arguments: Preset.all.map(\.name)) func trains(_ name: String) throws {
    var spec = try #require(Preset.named(name)).spec
    let side = spec.input.height > 32 ? 64 : 16
    (spec.input.height, spec.input.width) = (side, side)
    spec.classes = 10
    let program = try NetworkProgram(NetworkPlan(spec), batch: 4, threads: 2)
    let reference = program.trainingCalls.filter { $0.implementation.hasPrefix("ref") }
    #expect(reference.isEmpty, "oneDNN falls back to reference code: \(reference)")

    let network = try Network(program, seed: 1)
    var generator = Philox(seed: 2)
    for index in network.images.indices { network.images[index] = Float(generator.uniform()) }
    let labels: [Int32] = [1, 2, 3, 4]
    let losses = (0..<2).map { _ in
      let result = labels.withUnsafeBufferPointer { network.computeGradients(labels: $0) }
      network.update(SGD(learningRate: 0.01))
      return result.loss
    }
    #expect(losses[1] < losses[0])
  }
}
