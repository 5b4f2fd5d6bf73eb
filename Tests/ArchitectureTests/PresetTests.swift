import Architecture
import Testing

@Suite struct PresetTests {
  /// Parameters and MACs at 3×224×224 and 1000 classes, as torchvision's documentation and PyTorch's
  /// FlopCounterMode ÷ 2 give them.
  @Test(arguments: [
    ("resnet18", 11_689_512, 1_814_073_344),
    ("resnet34", 21_797_672, 3_663_761_408),
    ("resnet50", 25_557_032, 4_089_184_256),
    ("resnet101", 44_549_160, 7_801_405_440),
    ("resnet152", 60_192_808, 11_513_626_624),
    ("resnext50_32x4d", 25_028_904, 4_230_479_872),
    ("resnext101_32x8d", 88_791_336, 16_414_015_488),
    ("resnext101_64x4d", 83_455_272, 15_460_270_080),
    ("wide_resnet50_2", 68_883_240, 11_398_021_120),
    ("wide_resnet101_2", 126_886_696, 22_753_050_624),
    ("regnet_x_400mf", 5_495_976, 413_812_608),
    ("regnet_x_800mf", 7_259_656, 799_699_712),
    ("regnet_x_1_6gf", 9_190_136, 1_602_849_792),
    ("regnet_x_3_2gf", 15_296_552, 3_176_621_952),
    ("regnet_x_8gf", 39_572_648, 7_995_132_416),
  ])
  func torchvisionCounts(name: String, parameters: Int, macs: Int) throws {
    let total = try NetworkPlan(#require(Preset.named(name)).spec).total
    #expect(total.parameters == parameters)
    #expect(total.macs == macs)
  }

  /// Millions of parameters as the papers' tables and timm's documentation give them, at the
  /// preset's own input.
  @Test(arguments: [
    ("resnetv2_50", 25.55, 2),
    // He et al. 2016a, table 6.
    ("resnet20_cifar", 0.27, 2), ("resnet32_cifar", 0.46, 2), ("resnet44_cifar", 0.66, 2),
    ("resnet56_cifar", 0.85, 2), ("resnet110_cifar", 1.7, 1),
    // He et al. 2016b, table 4.
    ("preresnet164_cifar", 1.7, 1),
    // Zagoruyko and Komodakis 2016, table 4.
    ("wrn28_10", 36.5, 1), ("wrn40_4", 8.9, 1),
    // Xie et al. 2017, table 7.
    ("resnext29_8x64d", 34.4, 1), ("resnext29_16x64d", 68.1, 1),
    // PyTorch's count of the chapter's code.
    ("d2l_resnet18", 11.178378, 6),
  ])
  func publishedCounts(name: String, millions: Double, decimals: Int) throws {
    let total = try NetworkPlan(#require(Preset.named(name)).spec).total
    var unit = 1.0
    for _ in 0..<decimals { unit *= 10 }
    // Some tables round, some cut.
    let distance = abs(Double(total.parameters) / 1e6 - millions) * unit
    #expect(distance < 1, "\(total.parameters)")
  }

  @Test func everyPresetOfTheDesignIsThere() {
    #expect(
      Preset.all.map(\.name) == [
        "resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "resnext50_32x4d",
        "resnext101_32x8d", "resnext101_64x4d", "wide_resnet50_2", "wide_resnet101_2",
        "regnet_x_400mf", "regnet_x_800mf", "regnet_x_1_6gf", "regnet_x_3_2gf", "regnet_x_8gf",
        "resnetv2_50", "resnet20_cifar", "resnet32_cifar", "resnet44_cifar", "resnet56_cifar",
        "resnet110_cifar", "preresnet164_cifar", "wrn28_10", "wrn40_4", "resnext29_8x64d",
        "resnext29_16x64d", "d2l_resnet18", "d2l_resnext18",
      ])
  }

  /// The authors' code for CIFAR (resnet-1k-layers) has the stride in the first 1×1 convolution: that makes
  /// 244,500,992 MACs of its layers.
  @Test func preActivationBottlenecksOfCIFAR() throws {
    let plan = try NetworkPlan(#require(Preset.named("preresnet164_cifar")).spec)
    func stride(_ name: String) -> Int? { plan.layers.first { $0.name == name }?.window?.stride }
    #expect(stride("layer2.0.conv1") == 2 && stride("layer2.0.conv2") == 1)
    #expect(plan.total.macs == 244_500_992)
  }

  /// Two widths that are the same once their groups have been fitted are two stages still, as torchvision's
  /// `BlockParams` has them.
  @Test func regnetStagesOfOneWidth() {
    let rule = RegNetRule(depth: 6, w0: 24, wa: 4, wm: 1.5, groupWidth: 16)
    #expect(rule.stages.map(\.blocks) == [2, 4] && rule.stages.map(\.channels) == [32, 32])
    #expect(rule.stages.map(\.stride) == [2, 2])
  }

  /// The stages that torchvision's `BlockParams` derives.
  @Test(arguments: [
    ("regnet_x_400mf", [(1, 32, 2), (2, 64, 4), (7, 160, 10), (12, 400, 25)]),
    ("regnet_x_8gf", [(2, 80, 1), (5, 240, 2), (15, 720, 6), (1, 1920, 16)]),
  ])
  func regnetStages(name: String, stages: [(Int, Int, Int)]) throws {
    let spec = try #require(Preset.named(name)).spec
    let found = spec.stages.map { ($0.blocks, $0.channels, spec.innerWidth(of: $0).groups) }
    #expect(found.elementsEqual(stages, by: ==))
  }

  /// The shapes that `layer_summary((1, 1, 96, 96))` prints in the chapter.
  @Test func chapterTrace() throws {
    let plan = try NetworkPlan(#require(Preset.named("d2l_resnet18")).spec)
    let names = ["maxpool", "layer1.1.relu2", "layer2.1.relu2", "layer3.1.relu2", "layer4.1.relu2"]
    let shapes = names.map { name in plan.layers.first { $0.name == name }?.outputDimensions }
    #expect(shapes == [[64, 24, 24], [64, 24, 24], [128, 12, 12], [256, 6, 6], [512, 3, 3]])
    #expect(plan.layers.last?.outputDimensions == [10])
  }

  @Test func namesAreUniqueAndSourcesComeFirst() throws {
    for preset in Preset.all {
      let plan = try NetworkPlan(preset.spec)
      #expect(Set(plan.layers.map(\.name)).count == plan.layers.count)
      for (index, layer) in plan.layers.enumerated() {
        for case .layer(let source) in layer.inputs { #expect(source < index) }
      }
    }
  }
}
