import Architecture
import TestSupport
import Testing

@testable import Experiments

@Suite struct ExperimentErrorTests {
  /// The error of `yaml`; fails the test if there is none.
  static func error(_ yaml: String) -> String {
    do {
      _ = try Experiment(yaml: yaml, file: "x.yaml")
      return "no error"
    } catch {
      return error.description
    }
  }

  /// An experiment whose network is sound, with `lines` after it.
  static func experiment(_ lines: String) -> String { "network: {preset: resnet18}\n\(lines)" }

  static func network(_ lines: String) -> String {
    "network:\n  preset: resnext50_32x4d\n  \(lines)"
  }

  static let bad: [String] = [
    // Keys.
    experiment("optimizer: {learnig_rate: 0.1}"), experiment("optimizer:\n  lr: 0.1"),
    experiment("epoch: 3"), experiment("ema: 1"), experiment("precision: fp16"),
    experiment("grow: 3"),
    experiment("grow: [{stage: 1}]"),
    experiment("grow: [{epoch: 1, stage: one}]"),
    experiment("grow: [{epoch: 1, stage: 1, blocks: 0}]"),
    experiment("grow: [{epoch: 1, stage: 1, block: 2}]"),
    experiment("data: {batch_size: 3}"), experiment("[1]: 2"), experiment("epochs: 1\nepochs: 2"),
    "name: a", network("shortcut: nun"), network("bottleneck_ratio: 1.0"),
    network("groups: 4\n  group_width: 8"), network("bottleneck_ratio: 1\n  width_per_group: 8"),
    network("bottleneck_ratio: 1\n  group_width: 24"), network("regnet: {depth: 4}"),
    "network:\n  regnet: {depth: 9, w0: 24, wa: 20, wm: 2.5, group_width: 8}\n  groups: 2",
    "network:\n  regnet: {depth: 9, w0: 24, wa: 20, wm: 2.5}",
    "network:\n  regnet: {depth: 9, w0: 25, wa: 20, wm: 2.5, group_width: 8}",
    "network:\n  regnet: {depth: 9, w0: 24, wa: 20, wm: 2.5, group_width: 8}\n  classes: 3",
    "network: {preset: resnet19}", "network: {preset: vgg}", "network: {classes: 10}",
    "network: {input: [1, 28, 28], classes: 10, block: basic}",
    // Types.
    experiment("epochs: ten"), experiment("epochs: 1.5"), experiment("epochs: \"3\""),
    experiment("epochs: [1]"), experiment("epochs: 99999999999999999999"),
    experiment("name: [a]"), experiment("optimizer: {nesterov: yes}"),
    experiment("optimizer: {learning_rate: fast}"), experiment("optimizer: 3"),
    experiment("data: {augment: flip}"), experiment("data: {augment: [flip, flip]}"),
    experiment("data: {augment: [flop]}"), experiment("data: {augment: [flip, crop, flip]}"),
    network("input: [1, 28]"), network("stem: {kernel: 3}"), network("stem: big"),
    network("stages: [3, 4]"), network("stages: [{blocks: 1}]"), "- a", "just words",
    // Ranges.
    experiment("epochs: 0"), experiment("seed: -1"), experiment("seed: 9223372036854775809"),
    experiment("optimizer: {learning_rate: 0}"), experiment("optimizer: {learning_rate: .inf}"),
    experiment("optimizer: {learning_rate: .nan}"), experiment("optimizer: {learning_rate: 1e999}"),
    experiment("optimizer:\n  momentum: 1"), experiment("loss: {label_smoothing: -0.1}"),
    experiment("data: {resize: 0}"), experiment("checkpoint: {keep: 0}"),
    network("groups: 0"), network("width_per_group: 0"), network("block: basic"),
    network("stages:\n  - {blocks: 1, channels: 64}\n  - {blocks: 1,\n     channels: 99999999}"),
    network("stages: []"), network("batch_norm:\n    eps: 0"),
    network("stem: {kernel: 4, channels: 8}"),
    // Choices.
    experiment("data: {set: cifar100}"), experiment("data: {set: fashion_mnist}"),
    experiment("optimizer: {name: adam}"),
    experiment("optimizer: {name: adamw, betas: [0.9]}"), experiment("optimizer: {eps: 0}"),
    experiment("optimizer: {name: adamw, betas: [0.9, 1]}"),
    experiment("optimizer: {decay: norms}"),
    experiment("schedule: {name: step, gamma: 0}"),
    experiment("schedule: {name: cosin}"), network("stem: nothing"),
    network("block: bottelneck"), network("padding: valid"), network("head: mlp"),
    // Text that is no YAML, or more than that.
    "", "# nothing", "network: {", "network: {preset: resnet18}\n---\nname: b", "a: \u{1}",
    "network: &n {preset: resnet18}\ndata: *n", "\"\\e[2J\\n\": 1", "name: *missing",
    "\tname: a",
  ]

  @Test func everyErrorIsOneLineWithItsPlace() {
    let lines = Self.bad.map { yaml in
      let shown = yaml.replacing("\n", with: "⏎").replacing("\u{1}", with: "␁")
      return "\(shown)\n    \(Self.error(yaml))"
    }
    expectSnapshot(lines.joined(separator: "\n") + "\n", named: "errors")
    for yaml in Self.bad {
      let error = Self.error(yaml)
      #expect(error.hasPrefix("x.yaml:"), "\(yaml)")
      #expect(error.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 }, "\(yaml)")
    }
  }

  @Test func hostileTextsEndSoon() throws {
    let laughs = (1...40).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]" }
    let texts = [
      "a0: &a0 x\n" + laughs.joined(separator: "\n"),
      String(repeating: "[", count: 500_000), String(repeating: "{a: ", count: 200_000),
      String(repeating: "- ", count: 400_000), String(repeating: "? ", count: 400_000),
      String(repeating: "{? ", count: 400) + "[" + String(repeating: "a,", count: 200_000) + "a]"
        + String(repeating: " : b}", count: 400),
      String(repeating: "a", count: YAMLDocument.sizeLimit + 1),
      (0..<100_000).map { "k\($0): 1\n" }.joined(), String(repeating: "!a ", count: 100_000),
      "name: \"" + String(repeating: "\\u0000", count: 100_000) + "\"",
      "network: {stages: [" + String(repeating: "{}, ", count: 100_000) + "]}",
    ]
    for text in texts {
      let error = Self.error(text)
      #expect(error.hasPrefix("x.yaml"), "\(text.prefix(20))")
      #expect(error.count < 300)
    }
  }

  /// Numbers are only found to be out of range when all keys have been read: until then nothing may be
  /// computed of them that does not fit.
  @Test(arguments: [
    "expansion: \(Int.max)\n  group_width: 8",
    "groups: \(Int.max)\n  width_per_group: \(Int.max)\n"
      + "  stages: [{blocks: 1, channels: 64, group_width: 8}]",
    "input: [\(Int.max), \(Int.max), \(Int.max)]\n  classes: \(Int.min)",
  ])
  func hugeNumbersAreRefused(lines: String) {
    #expect(Self.error(Self.network(lines)).contains("is outside"))
  }

  /// Powers of a number next to 1 take for ever to become large.
  @Test func aRuleThatHardlyGrowsIsRefused() {
    let rule = "{depth: 512, w0: 8, wa: 16384, wm: 1.0000000001, group_width: 8}"
    let error = Self.error("network: {input: [1, 28, 28], classes: 10, regnet: \(rule)}")
    #expect(error.contains("network.regnet.wm: 1.0000000001 is outside 1.01 to 64"))
  }

  @Test func damagedTextsNeverCrash() {
    let sound = Array(ExperimentYAMLTests.unusual.yaml(resolved: [("version", "1")]).utf8)
    var random = SeededGenerator(state: 7)
    var refused = 0
    for _ in 0..<2000 {
      var bytes = sound
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      if Self.error(String(decoding: bytes, as: UTF8.self)) != "no error" { refused += 1 }
    }
    #expect(refused > 500)
  }

  @Test func filesThatAreNoTextAreRefused() throws {
    try withScratchFolder { folder in
      func error(_ path: String) -> String {
        do {
          _ = try Experiment.load(path)
          return "no error"
        } catch {
          return error.description.replacing(folder, with: "~")
        }
      }
      try put([0xff, 0xfe, 0x00], at: "\(folder)/latin.yaml")
      try put(Array(repeating: 32, count: 2 << 20), at: "\(folder)/big.yaml")
      let errors = [
        error("\(folder)/missing.yaml"), error("\(folder)/latin.yaml"), error("\(folder)/big.yaml"),
        error(folder), error("/dev/zero"),
      ]
      expectSnapshot(errors.joined(separator: "\n") + "\n", named: "file-errors")
    }
  }

  @Test func valuesThatDoNotGoTogetherAreProblems() {
    #expect(Experiment.standard.problems.isEmpty)
    #expect(ExperimentYAMLTests.unusual.problems.isEmpty)
    var experiment = Experiment(name: "a", network: Preset.named("resnet18")!.spec)
    experiment.network.grouping = .cardinality(groups: 2, widthPerGroup: 64)
    experiment.data.limit = 100
    experiment.optimizer.nesterov = true
    experiment.schedule.warmupEpochs = 11
    var adam = Experiment.standard
    adam.optimizer = OptimizerOptions(name: .adamW, momentum: 0.9, nesterov: true)
    var sgd = Experiment.standard
    (sgd.optimizer.betas, sgd.optimizer.eps) = ([0.5, 0.9], 1e-3)
    var square = Experiment.standard
    square.data.resize = 32
    square.data.limit = 10
    square.data.holdout = 10
    var cosine = Experiment.standard
    cosine.schedule = ScheduleOptions(name: .cosine, stepSize: 3, gamma: 0.5)
    let lines = [experiment, square, adam, sgd, cosine].flatMap(\.problems).map(\.description)
    expectSnapshot(lines.joined(separator: "\n") + "\n", named: "problems")
  }
}
