import Architecture
import Testing

@Suite struct LoweringTests {
  private func plan(_ change: (inout NetworkSpec) -> Void) throws -> NetworkPlan {
    var spec = NetworkSpec(
      name: "test", input: ImageShape(channels: 3, height: 32, width: 32), classes: 10,
      stem: .cifar, block: .bottleneck,
      stages: [
        Stage(blocks: 1, channels: 64, stride: 1), Stage(blocks: 1, channels: 128, stride: 2),
      ])
    change(&spec)
    return try NetworkPlan(spec)
  }

  private func names(_ plan: NetworkPlan, in block: String) -> [String] {
    plan.layers.map(\.name).filter { $0.hasPrefix(block + ".") }
      .map { String($0.dropFirst(block.count + 1)) }
  }

  @Test func postActivationBlock() throws {
    let plan = try plan { _ in }
    #expect(
      names(plan, in: "layer2.0") == [
        "conv1", "bn1", "relu1", "conv2", "bn2", "relu2", "conv3", "bn3", "downsample.0",
        "downsample.1", "add", "relu3",
      ])
  }

  /// He et al. 2016b: the projection reads the first activation, the network ends in norm and ReLU.
  @Test func preActivationBlock() throws {
    let plan = try plan { $0.preActivation = true }
    #expect(
      names(plan, in: "layer2.0") == [
        "bn1", "relu1", "conv1", "bn2", "relu2", "conv2", "bn3", "relu3", "conv3", "downsample.0",
        "add",
      ])
    let projection = plan.layers.first { $0.name == "layer2.0.downsample.0" }
    let activation = plan.layers.firstIndex { $0.name == "layer2.0.relu1" }
    #expect(projection?.inputs == [.layer(activation!)])
    #expect(plan.layers.suffix(4).map(\.name) == ["norm", "relu", "avgpool", "fc"])
    #expect(plan.layers.prefix(2).map(\.name) == ["conv1", "layer1.0.bn1"])
  }

  @Test func strideStandsWhereTheSpecPutsIt() throws {
    for (placement, first, second) in [(StridePlacement.conv3x3, 1, 2), (.conv1x1, 2, 1)] {
      let plan = try plan { $0.strideAt = placement }
      let strides = ["layer2.0.conv1", "layer2.0.conv2"].map { name in
        plan.layers.first { $0.name == name }?.window?.stride
      }
      #expect(strides == [first, second])
    }
  }

  @Test func groupsDivideParametersAndMACs() throws {
    let dense = try plan { $0.widthPerGroup = 128 }
    let grouped = try plan { ($0.groups, $0.widthPerGroup) = (32, 4) }
    let denseLayer = try #require(dense.layers.first { $0.name == "layer1.0.conv2" })
    let groupedLayer = try #require(grouped.layers.first { $0.name == "layer1.0.conv2" })
    #expect(denseLayer.output == groupedLayer.output)
    #expect(denseLayer.macs == 32 * groupedLayer.macs)
    #expect(denseLayer.parameterCount == 32 * groupedLayer.parameterCount)
  }

  @Test func zeroInitialisationSilencesTheBranch() throws {
    for (preActivation, name) in [(false, "layer1.0.bn3.weight"), (true, "layer1.0.conv3.weight")] {
      let plan = try plan { ($0.zeroInitResidual, $0.preActivation) = (true, preActivation) }
      #expect(plan.parameters.first { $0.name == name }?.initializer == .constant(0))
    }
  }
}
