import Architecture
import TestSupport
import Testing

@testable import Experiments

@Suite struct ExperimentYAMLTests {
  /// An experiment in which no value is its default.
  static let unusual = Experiment(
    name: "wide: \"odd\"", description: "two lines\nand a tab\tand #no comment", seed: 1 << 63,
    network: NetworkSpec(
      name: "wide: \"odd\"", input: ImageShape(channels: 1, height: 32, width: 32), classes: 10,
      stem: .custom(StemConvolution(kernel: 5, stride: 2, channels: 24, pool: true)),
      block: .bottleneck,
      stages: [
        Stage(blocks: 2, channels: 64, stride: 2),
        Stage(
          blocks: 1, channels: 96, stride: 1,
          grouping: .ratio(bottleneckRatio: 0.5, groupWidth: nil)),
        Stage(
          blocks: 1, channels: 96, stride: 1, grouping: .cardinality(groups: 2, widthPerGroup: 32)),
      ],
      expansion: 2, grouping: .ratio(bottleneckRatio: 0.25, groupWidth: 8), preActivation: true,
      shortcut: .projectionAll, strideAt: .conv1x1, zeroInitResidual: true, convBias: true,
      shortcutNorm: false, padding: .same, initialization: .xavierUniform,
      batchNorm: BatchNormOptions(eps: 1e-5, momentum: 0.01)),
    data: DataOptions(
      set: .fashionMNIST, resize: 32, batch: 96, augment: [.crop, .flip, .mixup],
      testTimeFlip: true, limit: 5000, holdout: 1000),
    optimizer: OptimizerOptions(
      learningRate: 0.30000000000000004, momentum: 0.9, weightDecay: 5e-4, decay: .weights,
      nesterov: true),
    schedule: ScheduleOptions(name: .cosine, warmupEpochs: 2),
    loss: LossOptions(labelSmoothing: 0.1),
    checkpoint: CheckpointOptions(everyEpochs: nil, everySteps: 500, keep: 7), epochs: 30,
    ema: 0.999, precision: .bf16)

  @Test(arguments: [Experiment.standard, unusual])
  func readsBackWhatItWrites(experiment: Experiment) throws {
    #expect(try Experiment(yaml: experiment.yaml(), file: "x.yaml") == experiment)
  }

  /// What belongs to another optimizer is refused, but never lost.
  @Test(arguments: [
    OptimizerOptions(name: .adamW, learningRate: 1e-3, betas: [0.8, 0.95], eps: 1e-6),
    OptimizerOptions(name: .adamW, momentum: 0.9), OptimizerOptions(betas: [0.8, 0.95]),
  ])
  func readsBackOptimizers(optimizer: OptimizerOptions) throws {
    var experiment = Experiment.standard
    experiment.optimizer = optimizer
    #expect(try Experiment(yaml: experiment.yaml(), file: "x.yaml") == experiment)
  }

  @Test(arguments: Preset.all)
  func readsBackEveryPreset(preset: Preset) throws {
    let experiment = Experiment(name: "any", network: preset.spec)
    #expect(try Experiment(yaml: experiment.yaml(), file: "x.yaml") == experiment)
    let short = "network: {preset: \(preset.name)}"
    #expect(try Experiment(yaml: short, file: "x.yaml").network == preset.spec)
  }

  /// A rule is another way to write stages, groups and the stem.
  @Test func readsRegNetRules() throws {
    let yaml = """
      network:
        input: [3, 224, 224]
        classes: 1000
        regnet: {depth: 22, w0: 24, wa: 24.48, wm: 2.54, group_width: 16}
      """
    var spec = try Experiment(yaml: yaml, file: "regnet_x_400mf.yaml").network
    spec.name = "regnet_x_400mf"
    #expect(spec == Preset.named("regnet_x_400mf")?.spec)
  }

  /// What one spelling of the groups leaves open stays as in the preset.
  @Test(arguments: [
    ("resnext50_32x4d", "groups: 16", Grouping.cardinality(groups: 16, widthPerGroup: 4)),
    ("resnext50_32x4d", "group_width: 8", .ratio(bottleneckRatio: 0.5, groupWidth: 8)),
    ("resnext50_32x4d", "group_width: null", .ratio(bottleneckRatio: 0.5, groupWidth: nil)),
    ("resnet50", "bottleneck_ratio: 0.5", .ratio(bottleneckRatio: 0.5, groupWidth: nil)),
    ("d2l_resnext18", "bottleneck_ratio: 0.5", .ratio(bottleneckRatio: 0.5, groupWidth: 16)),
    ("d2l_resnext18", "groups: 4", .cardinality(groups: 4, widthPerGroup: 64)),
  ])
  func groupsOverAPreset(preset: String, line: String, grouping: Grouping) throws {
    let yaml = "network: {preset: \(preset), \(line)}"
    #expect(try Experiment(yaml: yaml, file: "x.yaml").network.grouping == grouping)
  }

  @Test(arguments: [
    "null", "~", "true", "12", "1e5", "", " a ", "- a", "{", "é\u{301}🙂", "\u{1b}[2J",
  ])
  func keepsNamesThatLookLikeSomethingElse(name: String) throws {
    var experiment = Experiment.standard
    experiment.name = name
    experiment.network.name = name
    #expect(try Experiment(yaml: experiment.yaml(), file: "x.yaml") == experiment)
  }

  @Test func writesReadableText() {
    expectSnapshot(Experiment.standard.yaml(), named: "standard-experiment")
    expectSnapshot(
      Self.unusual.yaml(
        comment: ["As it ran.", "two\nlines"],
        resolved: [("version", "0.1.0"), ("threads", "2"), ("isa", "avx512_core")]),
      named: "resolved-experiment")
  }

  @Test func skipsWhatARunRecorded() throws {
    let text = Self.unusual.yaml(comment: ["note"], resolved: [("version", "0.1.0")])
    #expect(try Experiment(yaml: text, file: "x.yaml") == Self.unusual)
  }

  @Test func takesDefaultsForEverythingButTheNetwork() throws {
    let experiment = try Experiment(
      yaml: "network: {preset: resnet18}", file: "experiments/mine/experiment.yaml")
    #expect(experiment == Experiment(name: "mine", network: Preset.named("resnet18")!.spec))
    #expect(try Experiment(yaml: "network: {preset: resnet18}", file: "a/b.yaml").name == "b")
  }

  @Test func overridesAPreset() throws {
    let text = """
      network:
        preset: resnet18
        input: [1, 28, 28]
        stem: {kernel: 5, channels: 8}
        stages: [{blocks: 1, channels: 16}, {blocks: 2, channels: 32}]
      """
    var expected = Preset.named("resnet18")!.spec
    expected.input = ImageShape(channels: 1, height: 28, width: 28)
    expected.stem = .custom(StemConvolution(kernel: 5, stride: 1, channels: 8, pool: false))
    expected.stages = [
      Stage(blocks: 1, channels: 16, stride: 1), Stage(blocks: 2, channels: 32, stride: 2),
    ]
    #expect(try Experiment(yaml: text, file: "x.yaml").network == expected)
  }

  @Test(arguments: [
    ("1", 1.0), ("1e-5", 1e-5), ("1.e-2", 0.01), (".5", 0.5), ("+0.25", 0.25), ("2E1", 20),
  ])
  func readsNumbers(text: String, value: Double) throws {
    let yaml = "network: {preset: resnet18}\noptimizer: {learning_rate: \(text)}"
    #expect(try Experiment(yaml: yaml, file: "x.yaml").optimizer.learningRate == value)
  }
}
