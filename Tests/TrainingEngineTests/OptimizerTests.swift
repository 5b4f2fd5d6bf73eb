import Architecture
import Foundation
import Randomness
import Testing

@testable import TrainingEngine

/// Updates, averages and targets against their definitions in double precision.
@Suite struct OptimizerTests {
  private let spec = NetworkSpec(
    name: "small", input: ImageShape(channels: 1, height: 6, width: 6), classes: 3, stem: .cifar,
    block: .basic, stages: [Stage(blocks: 1, channels: 16, stride: 1)])
  private let labels: [Int32] = [0, 1, 2, 1]

  private func network(_ state: OptimizerState = OptimizerState()) throws -> Network {
    let network = try Network(
      try NetworkProgram(try NetworkPlan(spec), batch: 4, threads: 1, state: state), seed: 3)
    var generator = Philox(seed: 9)
    for index in network.images.indices { network.images[index] = Float(generator.uniform()) }
    return network
  }

  private func gradients(_ network: Network) -> Network.Result {
    labels.withUnsafeBufferPointer { network.computeGradients(labels: $0) }
  }

  /// Loshchilov and Hutter 2019, algorithm 2, as PyTorch orders it.
  @Test(arguments: [false, true]) func adamW(decaysWeightsOnly: Bool) throws {
    let network = try network(OptimizerState(hasSquares: true))
    let names = network.program.plan.parameters
    var values: [String: [Double]] = [:]
    var means: [String: [Double]] = [:]
    var squares: [String: [Double]] = [:]
    for parameter in names {
      values[parameter.name] = try network.parameter(parameter.name).map(Double.init)
      means[parameter.name] = Array(repeating: 0, count: parameter.count)
      squares[parameter.name] = Array(repeating: 0, count: parameter.count)
    }
    for step in 1...5 {
      _ = gradients(network)
      network.update(
        AdamW(
          learningRate: 0.01, beta1: 0.8, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.1,
          decaysWeightsOnly: decaysWeightsOnly, step: step))
      for parameter in names {
        let decay = decaysWeightsOnly && parameter.shape.count == 1 ? 0 : 0.1
        for (index, gradient) in try network.gradient(parameter.name).enumerated() {
          let g = Double(gradient)
          means[parameter.name]![index] = 0.8 * means[parameter.name]![index] + 0.2 * g
          squares[parameter.name]![index] = 0.95 * squares[parameter.name]![index] + 0.05 * g * g
          let mean = means[parameter.name]![index] / (1 - pow(0.8, Double(step)))
          let square = squares[parameter.name]![index] / (1 - pow(0.95, Double(step)))
          values[parameter.name]![index] *= 1 - 0.01 * decay
          values[parameter.name]![index] -= 0.01 * mean / (square.squareRoot() + 1e-6)
        }
      }
    }
    for parameter in names {
      for (a, b) in zip(try network.parameter(parameter.name), values[parameter.name]!) {
        #expect(abs(Double(a) - b) < 1e-5)
      }
      let mean = try network.moment(.mean, of: parameter.name)
      #expect(zip(mean, means[parameter.name]!).allSatisfy { abs(Double($0) - $1) < 1e-6 })
    }
  }

  /// The first update is the learning rate, whatever the gradient and the betas.
  @Test(arguments: [0.999, 0.99999998]) func firstUpdatesOfAdamW(beta2: Double) throws {
    let network = try network(OptimizerState(hasSquares: true))
    let name = try #require(network.program.plan.parameters.first).name
    let before = try network.parameter(name)
    _ = gradients(network)
    let slopes = try network.gradient(name)
    network.update(
      AdamW(learningRate: 1e-3, beta2: beta2, epsilon: 1e-12, weightDecay: 0, step: 1))
    let updates = zip(before, try network.parameter(name)).map { Double($0 - $1) }
    for (update, slope) in zip(updates, slopes) where abs(slope) > 1e-6 {
      #expect(abs(abs(update) - 1e-3) < 1e-6 && (update > 0) == (slope > 0))
    }
    // What it keeps of the square is PyTorch's to the last bit but one.
    let squares = try network.moment(.square, of: name)
    for (square, slope) in zip(squares, slopes) where abs(slope) > 1e-6 {
      let expected = (1 - beta2) * Double(slope) * Double(slope)
      #expect(abs(Double(square) / expected - 1) < 4e-7)
    }
  }

  @Test func sgdSparesNormsAndBiases() throws {
    let both = try [false, true].map { decaysWeightsOnly in
      let network = try network()
      _ = gradients(network)
      network.update(
        SGD(learningRate: 0.1, weightDecay: 0.5, decaysWeightsOnly: decaysWeightsOnly))
      return network
    }
    for parameter in both[0].program.plan.parameters {
      let (all, some) = (
        try both[0].parameter(parameter.name), try both[1].parameter(parameter.name)
      )
      let initial = try network().parameter(parameter.name)
      if parameter.shape.count > 1 {
        #expect(all == some)
      } else {
        #expect(zip(zip(all, some), initial).allSatisfy { abs($0.0 - $0.1 + 0.05 * $1) < 1e-6 })
      }
    }
  }

  @Test func averagesFollowAndTakeTheirPlace() throws {
    let network = try network(OptimizerState(hasAverage: true))
    let names = ["layer1.0.conv1.weight", "fc.bias"]
    var expected = try names.map { try network.parameter($0).map(Double.init) }
    var mean = try network.statistic("bn1.running_mean").map(Double.init)
    for _ in 0..<3 {
      _ = gradients(network)
      network.update(SGD(learningRate: 0.1))
      network.updateAverage(weight: 0.25)
      for (index, name) in names.enumerated() {
        expected[index] = zip(expected[index], try network.parameter(name)).map {
          $0 + 0.25 * (Double($1) - $0)
        }
      }
      mean = zip(mean, try network.statistic("bn1.running_mean")).map {
        $0 + 0.25 * (Double($1) - $0)
      }
    }
    let before = try names.map { try network.parameter($0) }
    try network.withAverage {
      for (index, name) in names.enumerated() {
        let values = try network.parameter(name)
        #expect(zip(values, expected[index]).allSatisfy { abs(Double($0) - $1) < 1e-6 })
        #expect(values != before[index])
      }
      let values = try network.statistic("bn1.running_mean")
      #expect(zip(values, mean).allSatisfy { abs(Double($0) - $1) < 1e-6 })
    }
    #expect(try names.map { try network.parameter($0) } == before)
  }

  /// Cross-entropy is linear in the target: a mixture's loss and gradient are the mean of its parts'.
  @Test func mixedTargets() throws {
    let network = try network()
    let others: [Int32] = [2, 1, 0, 0]
    let shares: [Float] = [0.25, 0.25, 0.25, 0.25]
    func gradient(_ targets: [Int32]) throws -> (loss: Double, gradient: [Float]) {
      let result = targets.withUnsafeBufferPointer {
        network.computeGradients(labels: $0, labelSmoothing: 0.1)
      }
      return (result.loss, try network.gradient("fc.weight"))
    }
    let (first, second) = (try gradient(labels), try gradient(others))
    let result = labels.withUnsafeBufferPointer { labels in
      others.withUnsafeBufferPointer { others in
        shares.withUnsafeBufferPointer { shares in
          network.computeGradients(
            labels: labels, mixture: (others, shares), labelSmoothing: 0.1)
        }
      }
    }
    #expect(abs(result.loss - (0.25 * first.loss + 0.75 * second.loss)) < 1e-6)
    for (value, parts) in zip(
      try network.gradient("fc.weight"), zip(first.gradient, second.gradient))
    {
      #expect(abs(value - (0.25 * parts.0 + 0.75 * parts.1)) < 1e-6)
    }
  }

  @Test func averagesWithTheMirrorImage() throws {
    let network = try network()
    func probabilities() -> [Double] {
      stride(from: 0, to: 12, by: 3).flatMap { start in
        let row = network.logits[start..<start + 3].map { exp(Double($0)) }
        return row.map { $0 / row.reduce(0, +) }
      }
    }
    func mirror() {
      for row in stride(from: 0, to: network.images.count, by: 6) {
        network.images[row..<row + 6].reverse()
      }
    }
    _ = labels.withUnsafeBufferPointer { network.evaluate(labels: $0) }
    let plain = probabilities()
    mirror()
    _ = labels.withUnsafeBufferPointer { network.evaluate(labels: $0) }
    let mirrored = probabilities()
    mirror()
    let result = labels.withUnsafeBufferPointer {
      network.evaluate(labels: $0, averagesMirrored: true)
    }
    let mean = zip(plain, mirrored).map { ($0 + $1) / 2 }
    #expect(plain != mirrored)
    #expect(zip(probabilities(), mean).allSatisfy { abs($0 - $1) < 1e-6 })
    let loss = labels.enumerated().reduce(0.0) { $0 - log(mean[$1.offset * 3 + Int($1.element)]) }
    #expect(abs(result.lossSum - loss) < 1e-5)
  }
}
