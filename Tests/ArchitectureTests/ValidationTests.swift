import Architecture
import Testing

@Suite struct ValidationTests {
  private let resnext = Preset.named("resnext50_32x4d")!.spec

  @Test func basicBlocksRefuseGroups() {
    var spec = Preset.named("resnet18")!.spec
    spec.groups = 32
    #expect(spec.problems().map(\.key) == ["groups"])
    #expect(throws: SpecError.self) { try NetworkPlan(spec) }
  }

  @Test func emptyGroupsNameTheLeastWidth() {
    var spec = resnext
    spec.stages[0].channels = 8
    spec.widthPerGroup = 4
    #expect(spec.problems().first?.reason.contains("8 is the least") == true)
    spec.widthPerGroup = 8
    #expect(spec.problems().isEmpty)
  }

  @Test func evenStemKernelOffersNeighbours() {
    var spec = resnext
    spec.stem = .custom(kernel: 4, stride: 1, channels: 16, pool: false)
    #expect(spec.problems().first?.reason.contains("3 or 5") == true)
  }

  @Test func everyNumberIsBounded() {
    var spec = resnext
    spec.input.height = 0
    spec.classes = .max
    spec.stages[2].blocks = -1
    spec.stages[3].stride = 0
    spec.expansion = .max
    spec.batchNorm.eps = .nan
    #expect(
      spec.problems().map(\.key) == [
        "input[1]", "classes", "stages[2].blocks", "stages[3].stride", "expansion",
        "batch_norm.eps",
      ])
  }

  @Test func theLargestSpecIsRefusedNotOverflown() {
    var spec = resnext
    spec.input = ImageShape(channels: 1024, height: 4096, width: 4096)
    spec.stem = .custom(kernel: 15, stride: 1, channels: 16_384, pool: false)
    spec.expansion = 4
    spec.groups = 1
    spec.widthPerGroup = 64
    spec.stages = Array(repeating: Stage(blocks: 512, channels: 16_384, stride: 1), count: 8)
    #expect(throws: SpecError.self) { try NetworkPlan(spec) }
  }
}
