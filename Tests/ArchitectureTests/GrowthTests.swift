import Testing

@testable import Architecture

@Suite struct GrowthTests {
  private func spec(_ shortcut: ShortcutKind, _ block: BlockKind = .basic) -> NetworkSpec {
    NetworkSpec(
      name: "x", input: ImageShape(channels: 1, height: 28, width: 28), classes: 10, stem: .cifar,
      block: block,
      stages: [
        Stage(blocks: 1, channels: 16, stride: 1), Stage(blocks: 2, channels: 32, stride: 2),
      ],
      shortcut: shortcut)
  }

  @Test func stagesGetBlocks() throws {
    let spec = spec(.projection)
    let grown = try spec.grown(by: [
      Growth(stage: 2), Growth(stage: 1, blocks: 3), Growth(stage: 2),
    ])
    #expect(grown.stages.map(\.blocks) == [4, 4])
    #expect(try spec.grown(by: []) == spec)
    // What is new stands behind what there was, under names of its own.
    let before = try NetworkPlan(spec).parameters.map(\.name)
    let after = try NetworkPlan(grown).parameters.map(\.name)
    #expect(Set(before).isSubset(of: after))
    #expect(after.filter { !before.contains($0) }.allSatisfy { $0.hasPrefix("layer") })
  }

  /// The last of each branch starts at zero, and nothing else that is a weight.
  @Test(arguments: [false, true])
  func identityBlocksEndInZeros(preActivation: Bool) throws {
    var spec = spec(.projection)
    (spec.preActivation, spec.convBias) = (preActivation, true)
    let plan = try NetworkPlan(spec)
    let zeros = plan.identityParameters.filter { $0.initializer == .constant(0) }.map(\.name)
    let ends = preActivation ? ["conv2.weight", "conv2.bias"] : ["bn2.weight"]
    for block in ["layer1.0", "layer2.0", "layer2.1"] {
      for end in ends { #expect(zeros.contains("\(block).\(end)")) }
    }
    #expect(zeros.count { $0.hasSuffix(".weight") } == 3)
    #expect(plan.identityParameters.map(\.name) == plan.parameters.map(\.name))
  }

  @Test func whatCannotGrowSaysWhy() {
    func reason(_ spec: NetworkSpec, _ growth: Growth) -> String {
      do throws(SpecError) {
        _ = try spec.grown(by: [growth])
        return "none"
      } catch {
        return "\(error)"
      }
    }
    #expect(reason(spec(.none), Growth(stage: 1)).contains("without a shortcut"))
    #expect(reason(spec(.projectionAll), Growth(stage: 1)).contains("is a projection"))
    #expect(reason(spec(.projection, .inception), Growth(stage: 1)).contains("inception"))
    for stage in [-1, 0, 3] {
      #expect(
        reason(spec(.projection), Growth(stage: stage))
          == "stages: there is no stage \(stage); the stages are 1 to 2.")
    }
    #expect(reason(spec(.projection), Growth(stage: 1, blocks: 0)).contains("outside 1 to 512"))
    #expect(reason(spec(.projection), Growth(stage: 2, blocks: 511)).contains("outside 1 to 512"))
    #expect(reason(spec(.projection), Growth(stage: 2, blocks: 510)) == "none")
  }
}
