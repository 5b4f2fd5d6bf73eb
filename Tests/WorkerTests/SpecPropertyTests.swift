import Architecture
import Experiments
import Foundation
import TestSupport
import Testing
import TrainingEngine

/// What holds for every spec that can be written down.
@Suite struct SpecPropertyTests {
  /// A thousand, or `RESNET_TUI_SPECS` of them: the full check has ten thousand.
  static let count =
    ProcessInfo.processInfo.environment["RESNET_TUI_SPECS"].flatMap { Int($0) } ?? 1000

  /// Refused with a reason, or lowered, trained for one step, written as YAML and read back.
  @Test func isRefusedOrTrained() throws {
    var generator = SeededGenerator(state: 20_261_124)
    var trained = 0
    var refusals: [String: Int] = [:]
    for index in 0..<Self.count {
      let spec = Self.spec(&generator)
      let problems = spec.problems()
      if let problem = problems.first {
        #expect(problems.allSatisfy { !$0.key.isEmpty && $0.reason.hasSuffix(".") })
        #expect(throws: problem) { try NetworkPlan(spec) }
        refusals[problem.key.filter { !"[]0123456789".contains($0) }, default: 0] += 1
        continue
      }
      let plan = try NetworkPlan(spec)
      let experiment = Experiment(name: spec.name, network: spec)
      #expect(try Experiment(yaml: experiment.yaml(), file: "x.yaml") == experiment)
      var shared = try SpecReference.resolve(spec.line).spec
      shared.name = spec.name
      #expect(shared == spec)
      guard spec.head == .linear else {
        #expect(throws: EngineError.noHead) { try NetworkProgram(plan, batch: 2, threads: 1) }
        continue
      }
      let network = try Network(
        try NetworkProgram(plan, batch: 2, threads: 1), seed: UInt64(index))
      for pixel in network.images.indices {
        network.images[pixel] = Float.random(in: -1...1, using: &generator)
      }
      let labels = (0..<2).map { _ in Int32.random(in: 0..<Int32(spec.classes), using: &generator) }
      let result = labels.withUnsafeBufferPointer { network.computeGradients(labels: $0) }
      network.update(SGD(learningRate: 0.01))
      #expect(result.loss.isFinite, "\(spec)")
      for parameter in plan.parameters {
        let isFinite = try network.parameter(parameter.name).allSatisfy(\.isFinite)
        #expect(isFinite, "\(parameter.name) of \(spec)")
      }
      trained += 1
    }
    // Both happen often, and the refusals are of many kinds.
    #expect(trained > Self.count / 4)
    #expect(refusals.values.reduce(0, +) > Self.count / 10)
    #expect(Self.count < 10_000 || refusals.count >= 8, "\(refusals)")
  }

  // MARK: Random specs

  private static func spec(_ generator: inout SeededGenerator) -> NetworkSpec {
    func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }
    func integer(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
    func choice<Value>(_ values: [Value]) -> Value { values.randomElement(using: &generator)! }
    func channels() -> Int { chance(50) ? 16 * integer(1...3) : integer(1...40) }
    func grouping() -> Grouping {
      switch integer(0...2) {
      case 0: .dense
      case 1: .cardinality(groups: integer(1...9), widthPerGroup: integer(1...80))
      default:
        .ratio(
          bottleneckRatio: chance(70)
            ? Double(integer(1...8)) / 4
            : Double.random(
              in: 0.01...2, using: &generator),
          groupWidth: chance(30) ? nil : chance(70) ? 1 << integer(0...4) : integer(1...24))
      }
    }
    let block = choice(BlockKind.allCases)
    let stem: Stem =
      switch integer(0...3) {
      case 0: .imagenet
      case 1: .cifar
      case 2: .none
      default:
        .custom(
          StemConvolution(
            kernel: integer(1...7), stride: integer(1...3), channels: channels(), pool: chance(50)))
      }
    return NetworkSpec(
      name: "random",
      input: ImageShape(channels: integer(1...4), height: integer(1...24), width: integer(1...24)),
      classes: integer(1...12), stem: stem, block: block,
      stages: (0..<integer(1...4)).map { _ in
        Stage(
          blocks: integer(1...2), channels: channels(), stride: integer(1...3),
          grouping: block == .bottleneck && chance(20) ? grouping() : nil)
      },
      expansion: integer(1...4),
      grouping: block == .bottleneck || chance(5) ? grouping() : .dense,
      preActivation: block != .inception && chance(40), shortcut: choice(ShortcutKind.allCases),
      strideAt: choice(StridePlacement.allCases), zeroInitResidual: chance(20),
      convBias: chance(30), shortcutNorm: chance(70), padding: choice(PaddingRule.allCases),
      head: chance(5) ? .none : .linear, initialization: choice(WeightInitialization.allCases),
      batchNorm: BatchNormOptions(
        eps: choice([1e-5, 1e-3]), momentum: chance(98) ? choice([0.1, 0.01, 1]) : 0))
  }
}
