import Architecture
import Randomness
import Testing

@testable import TrainingEngine

@Suite struct NetworkTests {
  private let spec = NetworkSpec(
    name: "small", input: ImageShape(channels: 1, height: 12, width: 12), classes: 4, stem: .cifar,
    block: .basic,
    stages: [
      Stage(blocks: 1, channels: 16, stride: 1), Stage(blocks: 1, channels: 32, stride: 2),
    ])
  private let labels: [Int32] = [0, 1, 2, 3, 0, 1, 2, 3]

  private func network(seed: UInt64 = 3, threads: Int = 2) throws -> Network {
    let program = try NetworkProgram(try NetworkPlan(spec), batch: 8, threads: threads)
    let network = try Network(program, seed: seed)
    var generator = Philox(seed: 9)
    for index in network.images.indices { network.images[index] = Float(generator.uniform()) }
    return network
  }

  private func train(_ network: Network, steps: Int) -> [Double] {
    (0..<steps).map { _ in
      let result = labels.withUnsafeBufferPointer { network.computeGradients(labels: $0) }
      network.update(SGD(learningRate: 0.05, momentum: 0.9, weightDecay: 1e-4))
      return result.loss
    }
  }

  @Test func learnsOneBatchByHeart() throws {
    let losses = try train(network(), steps: 40)
    #expect(losses.first! > 1)
    #expect(losses.last! < 0.05)
  }

  @Test(arguments: [1, 2])
  func repeatsBitForBit(threads: Int) throws {
    let runs = try (0..<2).map { _ in
      let network = try network(threads: threads)
      let losses = train(network, steps: 5)
      let weights = try network.program.plan.parameters.map { try network.parameter($0.name) }
      return (losses, weights)
    }
    #expect(runs[0].0 == runs[1].0)
    #expect(runs[0].1 == runs[1].1)
  }

  @Test func seedsDiffer() throws {
    let weights = try [1, 2].map { try network(seed: $0).parameter("conv1.weight") }
    #expect(weights[0] != weights[1])
  }

  @Test func evaluationLeavesTheStateAlone() throws {
    let network = try network()
    _ = train(network, steps: 3)
    let before = try network.statistic("bn1.running_mean")
    let evaluated = labels.withUnsafeBufferPointer { network.evaluate(labels: $0) }
    #expect(try network.statistic("bn1.running_mean") == before)
    let again = labels.withUnsafeBufferPointer { network.evaluate(labels: $0) }
    #expect(evaluated == again)
  }

  /// The images behind the first ones do not count in an evaluation.
  @Test func partialBatches() throws {
    let network = try network()
    _ = train(network, steps: 3)
    let whole = labels.withUnsafeBufferPointer { network.evaluate(labels: $0) }
    let first = labels[..<5].withUnsafeBufferPointer { network.evaluate(labels: $0) }
    network.images[network.images.count - 1] = 100
    let changed = labels[..<5].withUnsafeBufferPointer { network.evaluate(labels: $0) }
    #expect(first.count == 5)
    #expect(first.lossSum < whole.lossSum)
    #expect(first == changed)
  }

  /// Running statistics need no second value, so that a single image will do.
  @Test func evaluatesAnImageAlone() throws {
    var spec = spec
    (spec.input.height, spec.input.width, spec.stages[1].stride) = (8, 8, 8)
    let plan = try NetworkPlan(spec)
    #expect(throws: EngineError.self) { try NetworkProgram(plan, batch: 1, threads: 1) }
    let trained = try Network(try NetworkProgram(plan, batch: 2, threads: 1), seed: 5)
    let alone = try Network(
      try NetworkProgram(plan, for: .evaluation, batch: 1, threads: 1), seed: 6)
    for parameter in plan.parameters {
      try alone.setParameter(parameter.name, trained.parameter(parameter.name))
    }
    var generator = Philox(seed: 9)
    for index in alone.images.indices {
      alone.images[index] = Float(generator.uniform())
      trained.images[index] = alone.images[index]
    }
    let label: [Int32] = [3]
    let results = [alone, trained].map { network in
      label.withUnsafeBufferPointer { network.evaluate(labels: $0) }
    }
    #expect(abs(results[0].loss - results[1].loss) < 1e-6)
  }

  /// PyTorch keeps the unbiased variance: for the stem's first norm it is that of the convolution.
  @Test func runningStatistics() throws {
    let network = try network()
    _ = labels.withUnsafeBufferPointer { network.computeGradients(labels: $0) }
    let weights = try network.parameter("conv1.weight")
    // Channel 0 of a 3×3 convolution with padding 1 on 8×1×12×12 images.
    var outputs: [Double] = []
    for image in 0..<8 {
      for y in 0..<12 {
        for x in 0..<12 {
          var sum = 0.0
          for ky in 0..<3 {
            for kx in 0..<3 where (0..<12).contains(y + ky - 1) && (0..<12).contains(x + kx - 1) {
              let pixel = network.images[(image * 12 + y + ky - 1) * 12 + x + kx - 1]
              sum += Double(pixel) * Double(weights[ky * 3 + kx])
            }
          }
          outputs.append(sum)
        }
      }
    }
    let mean = outputs.reduce(0, +) / Double(outputs.count)
    let squares = outputs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let variance = squares / Double(outputs.count - 1)
    let runningMean = try Double(network.statistic("bn1.running_mean")[0])
    let runningVariance = try Double(network.statistic("bn1.running_var")[0])
    #expect(abs(runningMean - 0.1 * mean) < 1e-6)
    #expect(abs(runningVariance - (0.9 + 0.1 * variance)) < 1e-6)
  }

  @Test func stateRoundTrip() throws {
    let network = try network()
    for parameter in network.program.plan.parameters {
      let values = (0..<parameter.count).map { Float($0) * 0.5 }
      try network.setParameter(parameter.name, values)
      #expect(try network.parameter(parameter.name) == values)
    }
  }

  /// Nothing keeps a program's memory and compiled code beyond the network.
  @Test func aProgramGoesWithItsNetwork() throws {
    weak var parameters: Parameters?
    weak var context: Context?
    do {
      let network = try network()
      _ = train(network, steps: 1)
      parameters = network.program.parameters
      context = network.program.context
      #expect(parameters != nil && context != nil)
    }
    #expect(parameters == nil && context == nil)
  }

  @Test func unknownAndMisshapenTensorsAreRefused() throws {
    let network = try network()
    #expect(throws: EngineError.self) { try network.parameter("conv9.weight") }
    #expect(throws: EngineError.self) { try network.setParameter("conv1.weight", [1]) }
    #expect(throws: EngineError.self) { try network.setStatistic("bn1.running_mean", []) }
  }

  @Test func aSingleValueAChannelIsRefused() throws {
    var spec = spec
    spec.input = ImageShape(channels: 1, height: 2, width: 2)
    let plan = try NetworkPlan(spec)
    #expect(
      throws: EngineError.batch(
        1, reason: "layer2.0.bn1 would see one value a channel; use at least 2 images")
    ) { try NetworkProgram(plan, batch: 1, threads: 1) }
  }
}
