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
    let dense = try plan { $0.grouping = .cardinality(groups: 1, widthPerGroup: 128) }
    let grouped = try plan { $0.grouping = .cardinality(groups: 32, widthPerGroup: 4) }
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

  // MARK: Shortcuts

  @Test func theChoiceOfShortcuts() throws {
    func rows(_ shortcut: ShortcutKind) throws -> [String] {
      let plan = try plan { ($0.shortcut, $0.block) = (shortcut, .basic) }
      return plan.layers.map(\.name).filter { $0.contains("downsample") || $0.hasSuffix("add") }
    }
    #expect(
      try rows(.projection) == [
        "layer1.0.add", "layer2.0.downsample.0", "layer2.0.downsample.1", "layer2.0.add",
      ])
    #expect(try rows(.identityPad) == ["layer1.0.add", "layer2.0.downsample", "layer2.0.add"])
    #expect(
      try rows(.projectionAll) == [
        "layer1.0.downsample.0", "layer1.0.downsample.1", "layer1.0.add", "layer2.0.downsample.0",
        "layer2.0.downsample.1", "layer2.0.add",
      ])
    #expect(try rows(.none) == [])
  }

  @Test func identityPadCentresTheOldChannels() throws {
    let plan = try plan { ($0.shortcut, $0.block) = (.identityPad, .basic) }
    let row = try #require(plan.layers.first { $0.name == "layer2.0.downsample" })
    #expect(row.operation == .identityPad(stride: 2, before: 32))
    #expect(row.output == ImageShape(channels: 128, height: 16, width: 16))
    #expect(row.parameterCount == 0 && row.macs == 0)
  }

  // MARK: Padding

  /// TensorFlow's rule: of an odd number of zeros the larger part stands at the end.
  @Test func samePaddingIsLopsidedAtStrideTwo() throws {
    let plan = try plan {
      $0.padding = .same
      $0.input = ImageShape(channels: 3, height: 9, width: 32)
    }
    let window = try #require(plan.layers.first { $0.name == "layer2.0.conv2" }?.window)
    #expect(window.padding == WindowPlan.Padding(top: 1, left: 0, bottom: 1, right: 1))
    #expect(plan.layers.last { $0.kind == "add" }?.output.dimensions == [512, 5, 16])
  }

  // MARK: Blocks tried alone

  /// The chapter's calls: `Residual(3)` on 3×6×6, `Residual(6, use_1x1conv=True, strides=2)`, and
  /// `ResNeXtBlock(32, 16, 1)` on 32×96×96, with its 32 // 16 groups.
  @Test(arguments: [
    (BlockKind.basic, 3, 1, [3, 6, 6], [3, 6, 6]), (.basic, 6, 2, [3, 6, 6], [6, 3, 3]),
    (.bottleneck, 32, 1, [32, 96, 96], [32, 96, 96]),
  ])
  func chaptersBlocks(
    block: BlockKind, channels: Int, stride: Int, input: [Int], output: [Int]
  ) throws {
    let spec = NetworkSpec(
      name: "block", input: ImageShape(channels: input[0], height: input[1], width: input[2]),
      classes: 10, stem: .none, block: block,
      stages: [Stage(blocks: 1, channels: channels, stride: stride)], expansion: 1,
      grouping: block == .basic ? .dense : .ratio(bottleneckRatio: 1, groupWidth: 16),
      convBias: true, shortcutNorm: false, head: .none)
    let plan = try NetworkPlan(spec)
    #expect(plan.layers.last?.outputDimensions == output)
    #expect(plan.layers.first?.inputs == [.image])
    #expect(plan.layers.contains { $0.name == "layer1.0.downsample.0" } == (stride == 2))
    if block == .bottleneck {
      #expect(plan.layers.first { $0.name == "layer1.0.conv2" }?.groups == 2)
    }
  }

  // MARK: Inception

  /// GoogLeNet's "3a" on its 192×28×28 input (Szegedy et al. 2015, table 1): 64 + 128 + 32 + 32
  /// channels for 128 M multiply-accumulates.
  @Test func inceptionBlock() throws {
    let spec = NetworkSpec(
      name: "3a", input: ImageShape(channels: 192, height: 28, width: 28), classes: 10, stem: .none,
      block: .inception, stages: [Stage(blocks: 1, channels: 256, stride: 1)], head: .none)
    let plan = try NetworkPlan(spec)
    let widths = plan.layers.filter { $0.kind == "conv2d" }.map(\.output.channels)
    #expect(widths == [64, 96, 128, 16, 32, 32])
    let concatenation = try #require(plan.layers.last)
    #expect(concatenation.kind == "concat")
    #expect(concatenation.inputs.count == 4)
    #expect(concatenation.outputDimensions == [256, 28, 28])
    #expect(plan.total.macs / 1_000_000 == 128)
  }

  @Test func inceptionTakesItsStrideInAPool() throws {
    let plan = try plan { ($0.block, $0.shortcut) = (.inception, .projection) }
    #expect(
      plan.layers.first { $0.name == "layer2.0.maxpool" }?.outputDimensions == [64, 16, 16])
    #expect(plan.layers.first { $0.name == "layer2.0.branch3.1.conv" }?.window?.kernel == 5)
  }

  // MARK: Receptive fields

  /// Araujo et al. 2019, table 1: 483 for the last convolution of ResNet-50, whose 3×3 convolutions
  /// are where the paper has them, and 32 pixels between neighbours.
  @Test func receptiveFields() throws {
    var spec = try #require(Preset.named("resnet50")).spec
    spec.strideAt = .conv1x1
    let plan = try NetworkPlan(spec)
    let last = try #require(plan.layers.last { $0.kind == "conv2d" })
    #expect(last.receptiveField == ReceptiveField(side: 483, step: 32))
    #expect(plan.layers.first?.receptiveField == ReceptiveField(side: 7, step: 2))
  }
}
