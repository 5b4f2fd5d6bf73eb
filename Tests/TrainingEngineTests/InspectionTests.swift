import Architecture
import Randomness
import Testing

@testable import TrainingEngine

/// What an inspected step tells of the layers, and that it is a step like any other.
@Suite struct InspectionTests {
  private static let labels: [Int32] = [0, 1, 2, 3, 0, 1, 2, 3]

  private func network(
    block: BlockKind = .basic, precision: Precision = .fp32, threads: Int = 2,
    state: OptimizerState = OptimizerState()
  ) throws -> Network {
    var spec = NetworkSpec(
      name: "inspected", input: ImageShape(channels: 2, height: 9, width: 8), classes: 4,
      stem: .cifar, block: block,
      stages: [
        Stage(blocks: 1, channels: 8, stride: 1), Stage(blocks: 2, channels: 20, stride: 2),
      ])
    if block == .bottleneck { spec.expansion = 2 }
    let program = try NetworkProgram(
      try NetworkPlan(spec), batch: 8, threads: threads, precision: precision, state: state)
    let network = try Network(program, seed: 3)
    var generator = Philox(seed: 9)
    for index in network.images.indices { network.images[index] = Float(generator.uniform()) }
    return network
  }

  private func step(_ network: Network) -> Double {
    let result = Self.labels.withUnsafeBufferPointer { network.computeGradients(labels: $0) }
    network.update(SGD(learningRate: 0.05, momentum: 0.9, weightDecay: 1e-4))
    return result.loss
  }

  private func norm(_ values: [Float]) -> Double {
    values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }

  private func isNear(_ a: Double, _ b: Double, within tolerance: Double) -> Bool {
    abs(a - b) <= tolerance * max(1, abs(b))
  }

  /// Inspected or not, a step gives the same bits.
  @Test(arguments: [Precision.fp32, .bf16])
  func changesNothing(precision: Precision) throws {
    let runs = try [false, true].map { isInspected in
      let network = try network(precision: precision)
      let losses = (0..<4).map { index in
        if isInspected && index > 0 { network.inspectNextStep() }
        return step(network)
      }
      #expect((network.inspection != nil) == isInspected)
      return (losses, try network.program.plan.parameters.map { try network.parameter($0.name) })
    }
    #expect(runs[0].0 == runs[1].0 && runs[0].1 == runs[1].1)
  }

  /// Means, deviations and dead channels against the fp64 reference.
  @Test(arguments: [BlockKind.basic, .bottleneck])
  func activationsAreThoseOfTheBatch(block: BlockKind) throws {
    let network = try network(block: block)
    let plan = network.program.plan
    // One channel that no image can wake, in a norm with a ReLU behind it.
    let name = "layer2.0.bn1.bias"
    var shift = try network.parameter(name)
    shift[5] = -100
    try network.setParameter(name, shift)
    var parameters: [String: [Double]] = [:]
    for parameter in plan.parameters {
      parameters[parameter.name] = try network.parameter(parameter.name).map(Double.init)
    }
    let outputs = ReferenceNetwork(
      plan: plan, batch: 8, parameters: parameters, images: network.images.map(Double.init),
      labels: Self.labels.map(Int.init)
    ).outputs()
    network.inspectNextStep()
    _ = step(network)
    let inspection = try #require(network.inspection)
    // Of every ReLU but the one in front of a max pool, if there is one, and of convolutions.
    let rows = plan.layers.indices.filter { plan.layers[$0].operation == .relu }
    #expect(rows.allSatisfy { inspection.activations[$0] != nil })
    // Each is computed with the row before it, which has its time, forward and backward.
    #expect(rows.allSatisfy { inspection.seconds[$0] == 0 })
    #expect(inspection.activations.keys.contains { plan.layers[$0].kind == "conv2d" })
    for (row, found) in inspection.activations {
      let values = outputs[row].values
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      let name = plan.layers[row].name
      #expect(isNear(found.mean, mean, within: 1e-5), "\(name)")
      #expect(isNear(found.deviation, variance.squareRoot(), within: 1e-4), "\(name)")
      let shape = outputs[row].shape
      let area = shape.height * shape.width
      let dead = (0..<shape.channels).count { channel in
        (0..<8).allSatisfy { image in
          let start = (image * shape.channels + channel) * area
          return values[start..<start + area].allSatisfy { $0 == 0 }
        }
      }
      #expect(found.deadFraction == Double(dead) / Double(shape.channels), "\(name)")
    }
    let relu = try #require(plan.layers.firstIndex { $0.name == "layer2.0.relu1" })
    #expect(try #require(inspection.activations[relu]).deadFraction >= 1.0 / 20)
  }

  /// Norms of weights, gradients and updates against the tensors themselves.
  @Test func weightsAreThoseOfTheStep() throws {
    let network = try network()
    _ = step(network)
    let plan = network.program.plan
    let names = plan.parameters.map(\.name)
    let before = try names.map { try network.parameter($0) }
    network.inspectNextStep()
    _ = step(network)
    let inspection = try #require(network.inspection)
    let weighted = plan.layers.indices.filter { plan.layers[$0].macs > 0 }
    #expect(Set(inspection.weights.keys) == Set(weighted))
    for row in weighted {
      let name = plan.layers[row].parameters[0].name
      let index = try #require(names.firstIndex(of: name))
      let after = try network.parameter(name)
      let change = zip(after, before[index]).map { $0 - $1 }
      let weight = try #require(inspection.weights[row])
      #expect(isNear(weight.norm, norm(before[index]), within: 1e-6), "\(name)")
      #expect(
        isNear(weight.gradientNorm, norm(try network.gradient(name)), within: 1e-6), "\(name)")
      let ratio = norm(change) / norm(before[index])
      #expect(abs(try #require(weight.updateRatio) / ratio - 1) < 1e-6, "\(name)")
    }
  }

  /// The time of every call counts for some row, and for AdamW too.
  @Test func timesAreTold() throws {
    let network = try network(state: OptimizerState(hasSquares: true))
    network.inspectNextStep()
    _ = Self.labels.withUnsafeBufferPointer { network.computeGradients(labels: $0) }
    network.update(AdamW(learningRate: 1e-3, weightDecay: 1e-2, step: 1))
    let inspection = try #require(network.inspection)
    #expect(inspection.seconds.count == network.program.plan.layers.count)
    for (row, layer) in network.program.plan.layers.enumerated() where layer.macs > 0 {
      #expect(inspection.seconds[row] > 0)
    }
    #expect(inspection.weights.values.allSatisfy { ($0.updateRatio ?? 0) > 0 })
    // The next step is not looked at.
    let first = inspection
    _ = step(network)
    #expect(network.inspection == first)
  }
}
