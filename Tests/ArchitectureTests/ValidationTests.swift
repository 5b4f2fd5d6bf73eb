import Architecture
import Testing

@Suite struct ValidationTests {
  private let resnext = Preset.named("resnext50_32x4d")!.spec
  private let regnet = Preset.named("regnet_x_400mf")!.spec

  private func problems(
    _ spec: NetworkSpec, _ change: (inout NetworkSpec) -> Void
  ) -> [String] {
    var spec = spec
    change(&spec)
    return spec.problems().map(\.description)
  }

  @Test(arguments: [BlockKind.basic, .inception])
  func blocksWithoutGroupsRefuseThem(block: BlockKind) {
    let found = problems(resnext) {
      $0.block = block
      $0.stages[2].grouping = .ratio(bottleneckRatio: 1, groupWidth: 16)
    }
    #expect(found.count == 2)
    #expect(found[0].hasPrefix("groups: \(block.rawValue) blocks have no grouped convolution"))
    #expect(found[1].hasPrefix("stages[2].bottleneck_ratio: "))
  }

  @Test func emptyGroupsNameTheLeastWidth() {
    func found(_ width: Int) -> [String] {
      problems(resnext) {
        $0.stages[0].channels = 8
        $0.grouping = .cardinality(groups: 32, widthPerGroup: width)
      }
    }
    #expect(found(4).first?.contains("8 is the least") == true)
    #expect(found(8).isEmpty)
  }

  @Test func groupsThatDoNotDivideOfferThoseThatDo() {
    let found = problems(regnet) {
      $0.stages[1].channels = 48
      $0.grouping = .ratio(bottleneckRatio: 1, groupWidth: 32)
    }
    #expect(
      found.first
        == "group_width: groups of 32 do not divide the 48 inner channels of stage 2 (channels "
        + "48): 16, 24 or 48 do.")
    let own = problems(regnet) {
      $0.stages[1].channels = 160
      $0.stages[1].grouping = .ratio(bottleneckRatio: 0.5, groupWidth: 7)
    }
    #expect(own.first?.hasPrefix("stages[1].group_width: groups of 7") == true)
    #expect(own.first?.hasSuffix("4, 5 or 8 do.") == true)
  }

  @Test func aRatioThatLeavesNothingIsRefused() {
    let found = problems(regnet) {
      $0.grouping = .ratio(bottleneckRatio: 0.01, groupWidth: nil)
    }
    #expect(found.first?.hasPrefix("bottleneck_ratio: 0.01 leaves stage 1") == true)
  }

  @Test func evenStemKernelOffersNeighbours() {
    let stem = Stem.custom(StemConvolution(kernel: 4, stride: 1, channels: 16, pool: false))
    #expect(problems(resnext) { $0.stem = stem }.first?.contains("3 or 5") == true)
    #expect(problems(resnext) { ($0.stem, $0.padding) = (stem, .same) }.isEmpty)
  }

  @Test func inceptionSharesChannelsInSixteenths() {
    let found = problems(Preset.named("resnet18")!.spec) {
      ($0.block, $0.stages[1].channels) = (.inception, 120)
    }
    #expect(found.count == 1)
    #expect(found.first?.contains("112 or 128 can") == true)
  }

  @Test func inceptionHasNoResidualOptions() {
    let found = problems(Preset.named("resnet18")!.spec) {
      $0.block = .inception
      ($0.preActivation, $0.shortcut, $0.zeroInitResidual) = (true, .projectionAll, true)
    }
    #expect(
      found.map { $0.prefix { $0 != ":" } } == ["pre_activation", "shortcut", "zero_init_residual"])
  }

  @Test func aPlainNetworkCannotStartAtZero() {
    let found = problems(resnext) { ($0.shortcut, $0.zeroInitResidual) = (.none, true) }
    #expect(found.first?.hasPrefix("zero_init_residual: without shortcuts") == true)
  }

  @Test func paddingCannotNarrow() {
    let found = problems(Preset.named("resnet20_cifar")!.spec) { $0.stages[2].channels = 24 }
    #expect(
      found == [
        "stages[2].channels: identity_pad cannot narrow 32 channels to 24; keep at least 32, or "
          + "choose shortcut: projection."
      ])
  }

  @Test func everyNumberIsBounded() {
    let found = problems(resnext) {
      $0.input.height = 0
      $0.classes = .max
      $0.stages[2].blocks = -1
      $0.stages[3].stride = 0
      $0.stages[3].grouping = .ratio(bottleneckRatio: .nan, groupWidth: 0)
      $0.expansion = .max
      $0.batchNorm.eps = .nan
    }
    #expect(
      found.map { $0.prefix { $0 != ":" } } == [
        "input[1]", "classes", "stages[2].blocks", "stages[3].stride",
        "stages[3].bottleneck_ratio", "stages[3].group_width", "expansion", "batch_norm.eps",
      ])
  }

  @Test func theLargestSpecIsRefusedNotOverflown() {
    var spec = resnext
    spec.input = ImageShape(channels: 1024, height: 4096, width: 4096)
    spec.stem = .custom(StemConvolution(kernel: 15, stride: 1, channels: 16_384, pool: false))
    spec.expansion = 4
    spec.grouping = .dense
    spec.stages = Array(repeating: Stage(blocks: 512, channels: 16_384, stride: 1), count: 8)
    #expect(throws: SpecError.self) { try NetworkPlan(spec) }
  }
}
