import Architecture
import Foundation
import Randomness
import Testing
import TrainingEngine

/// Every parameter's gradient against central differences of the fp64 reference.
@Suite struct GradientTests {
  struct Case: CustomTestStringConvertible {
    var testDescription: String
    var change: @Sendable (inout NetworkSpec) -> Void

    /// The smallest network that has everything, with `channels` in its first stage.
    func spec(channels: Int = 4) -> NetworkSpec {
      var spec = NetworkSpec(
        name: "gradient", input: ImageShape(channels: 2, height: 7, width: 6), classes: 3,
        stem: .cifar, block: .basic,
        stages: [
          Stage(blocks: 1, channels: channels, stride: 1),
          Stage(blocks: 1, channels: 2 * channels, stride: 2),
        ])
      change(&spec)
      return spec
    }
  }

  static let cases = [
    Case(testDescription: "basic") { _ in },
    Case(testDescription: "basic, chapter's conventions") {
      ($0.convBias, $0.shortcutNorm, $0.initialization) = (true, false, .xavierUniform)
    },
    Case(testDescription: "basic, pre-activation") { $0.preActivation = true },
    Case(testDescription: "bottleneck") { ($0.block, $0.expansion) = (.bottleneck, 2) },
    Case(testDescription: "bottleneck, stride in the 1×1, pre-activation") {
      ($0.block, $0.expansion, $0.strideAt, $0.preActivation) = (.bottleneck, 2, .conv1x1, true)
    },
    Case(testDescription: "grouped") {
      ($0.block, $0.expansion) = (.bottleneck, 2)
      $0.grouping = .cardinality(groups: 4, widthPerGroup: 32)
    },
    // Kernels of which only the centre tap meets the 1×1 maps.
    Case(testDescription: "maps smaller than the kernels") {
      $0.input = ImageShape(channels: 2, height: 4, width: 4)
      $0.stages[0].stride = 4
    },
    Case(testDescription: "grouped by ratio, one stage of its own") {
      ($0.block, $0.expansion) = (.bottleneck, 1)
      $0.grouping = .ratio(bottleneckRatio: 1, groupWidth: 2)
      $0.stages[1].grouping = .ratio(bottleneckRatio: 0.5, groupWidth: nil)
    },
    Case(testDescription: "option A") { $0.shortcut = .identityPad },
    Case(testDescription: "option A, pre-activation, odd difference of channels") {
      ($0.shortcut, $0.preActivation) = (.identityPad, true)
      $0.stages[1].channels = $0.stages[0].channels + 5
    },
    Case(testDescription: "option C") { $0.shortcut = .projectionAll },
    Case(testDescription: "option C, pre-activation") {
      ($0.shortcut, $0.preActivation) = (.projectionAll, true)
    },
    Case(testDescription: "plain") { $0.shortcut = .none },
    Case(testDescription: "same padding") {
      $0.padding = .same
      $0.stem = .custom(StemConvolution(kernel: 4, stride: 2, channels: 4, pool: true))
    },
    Case(testDescription: "same padding on maps smaller than the kernels") {
      ($0.padding, $0.block, $0.expansion) = (.same, .bottleneck, 2)
      $0.input = ImageShape(channels: 2, height: 4, width: 4)
      $0.stages[0].stride = 2
    },
    Case(testDescription: "no stem") { $0.stem = .none },
    Case(testDescription: "no stem, pre-activation") {
      ($0.stem, $0.preActivation) = (.none, true)
    },
    Case(testDescription: "inception") {
      $0.block = .inception
      ($0.stages[0].channels, $0.stages[1].channels) = (16, 32)
    },
    Case(testDescription: "inception, chapter's conventions, no stem") {
      ($0.block, $0.stem, $0.convBias, $0.padding) = (.inception, .none, true, .same)
      ($0.stages[0].channels, $0.stages[1].channels) = (16, 16)
    },
    Case(testDescription: "stem with pooling") {
      $0.stem = .custom(StemConvolution(kernel: 5, stride: 1, channels: 8, pool: true))
    },
  ]

  @Test(arguments: cases)
  func agreesWithCentralDifferences(_ test: Case) throws {
    let batch = 3
    let plan = try NetworkPlan(test.spec())
    let network = try Network(try NetworkProgram(plan, batch: batch, threads: 2), seed: 11)
    var generator = Philox(seed: 5)
    for index in network.images.indices {
      network.images[index] = Float(2 * generator.uniform() - 1)
    }
    // Norms start as the identity, which would hide mistakes in their scale and shift.
    for parameter in plan.parameters where parameter.shape.count == 1 {
      let values = (0..<parameter.count).map { _ in Float(0.5 + generator.uniform()) }
      try network.setParameter(parameter.name, values)
    }
    let labels: [Int32] = [2, 0, 1]
    let result = labels.withUnsafeBufferPointer { network.computeGradients(labels: $0) }

    var values: [String: [Double]] = [:]
    for parameter in plan.parameters {
      values[parameter.name] = try network.parameter(parameter.name).map(Double.init)
    }
    var reference = ReferenceNetwork(
      plan: plan, batch: batch, parameters: values, images: network.images.map(Double.init),
      labels: labels.map(Int.init))
    #expect(abs(result.loss - reference.loss()) < 1e-5 * reference.loss())

    for parameter in plan.parameters {
      let gradient = try network.gradient(parameter.name).map(Double.init)
      let expected = gradient.indices.map { reference.gradient(of: parameter.name, at: $0) }
      let norm = expected.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let error = zip(gradient, expected).reduce(0) { $0 + pow($1.0 - $1.1, 2) }.squareRoot()
      // A bias before a norm has no gradient at all: only rounding is left.
      #expect(
        norm < 1e-7 ? error < 1e-6 : error < 1e-4 * norm, "\(parameter.name): \(error / norm)")
    }
  }
}
