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
  ])
  func torchvisionCounts(name: String, parameters: Int, macs: Int) throws {
    let total = try NetworkPlan(#require(Preset.named(name)).spec).total
    #expect(total.parameters == parameters)
    #expect(total.macs == macs)
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
