import Architecture
import Randomness
import Testing
import TrainingEngine

@Suite struct PresetTrainingTests {
  /// oneDNN's reference code, and convolutions as matrix products of unfolded images, are ten times
  /// slower than what there is for the shapes that people use.
  @Test(arguments: Preset.all.map(\.name), ConvolutionAlgorithm.allCases)
  func runsFastCode(_ name: String, algorithm: ConvolutionAlgorithm) throws {
    let spec = try #require(Preset.named(name)).spec
    let program = try NetworkProgram(
      NetworkPlan(spec), batch: 32, threads: 2, convolution: algorithm)
    let slow = program.trainingCalls.filter { call in
      if call.implementation.hasPrefix("ref") { return true }
      if case .convolution = call.operation { return call.implementation.contains("gemm") }
      return false
    }
    let text = slow.map {
      "\(program.plan.layers[$0.layer].name) \($0.operation): \($0.implementation)"
    }
    #expect(slow.isEmpty, "\(text)")
  }

  /// A small step along the gradient lowers the loss by the step times the gradient's squared norm. A
  /// missed reorder of a gradient leaves the first loss exact and points elsewhere.
  @Test(arguments: Preset.all.map(\.name)) func stepLowersTheLossAsPredicted(_ name: String) throws
  {
    var spec = try #require(Preset.named(name)).spec
    let side = spec.input.height > 32 ? 64 : 16
    (spec.input.height, spec.input.width) = (side, side)
    spec.classes = 10
    let program = try NetworkProgram(NetworkPlan(spec), batch: 8, threads: 2)
    let network = try Network(program, seed: 1)
    var generator = Philox(seed: 2)
    for index in network.images.indices {
      network.images[index] = Float(3.4 * generator.uniform() - 1.7)
    }
    let labels: [Int32] = [1, 2, 3, 4, 5, 6, 7, 8]
    func loss() -> Double {
      labels.withUnsafeBufferPointer { network.computeGradients(labels: $0) }.loss
    }
    let first = loss()
    let square = try program.plan.parameters.reduce(0.0) { sum, parameter in
      try network.gradient(parameter.name).reduce(sum) { $0 + Double($1) * Double($1) }
    }
    let predicted = 2e-2
    network.update(SGD(learningRate: predicted / square))
    let ratio = (first - loss()) / predicted
    #expect((0.5...1.5).contains(ratio), "\(ratio)")
  }
}
