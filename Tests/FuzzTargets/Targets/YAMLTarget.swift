import Architecture
import Experiments

extension FuzzTarget {
  /// Experiments and specs: what is accepted reads back from what is written of it, and a network
  /// becomes layers.
  static let yaml = FuzzTarget(
    name: "yaml", lengthLimit: 4096, shortRun: 25_000, dictionary: yamlWords,
    seeds: yamlSeeds.map { Array($0.utf8) }
  ) { bytes throws(FuzzFailure) in
    scratch.hold(bytes)
    let experiment = try accepted { () throws(ExperimentError) in
      try Experiment.load(scratch.path)
    }
    if let experiment { try checkAccepted(experiment) }
    let spec = try accepted { () throws(ExperimentError) in
      try SpecReference.resolve(scratch.path).spec
    }
    if let spec { try checkAccepted(spec) }
  }

  private static let scratch = ScratchFile()

  private static func checkAccepted(_ experiment: Experiment) throws(FuzzFailure) {
    let copy = try unfailing("an experiment that was written is read") {
      () throws(ExperimentError) in
      try Experiment(yaml: experiment.yaml(), file: "copy.yaml")
    }
    try require(copy == experiment, "\(experiment.yaml()) reads back")
    for problem in experiment.problems { try requireOneLine(problem.description) }
  }

  private static func checkAccepted(_ spec: NetworkSpec) throws(FuzzFailure) {
    var copy = try unfailing("\(spec.line) is read") { () throws(ExperimentError) in
      try SpecReference.resolve(spec.line).spec
    }
    // A name that is no preset's is not part of a line.
    if Preset.named(spec.name) == nil { copy.name = spec.name }
    try require(copy == spec, "\(spec.line) reads back")
    // More would take longer than an input may.
    guard spec.stages.reduce(0, { $0 + $1.blocks }) <= 256 else { return }
    try require(spec.problems().isEmpty, "\(spec.line) is sound")
    // Only what is too large to be counted is sound and has no plan.
    guard let plan = try? NetworkPlan(spec) else { return }
    try require(
      plan.layers.allSatisfy { layer in
        layer.output.dimensions.allSatisfy { $0 > 0 } && layer.macs >= 0
          && layer.parameterCount >= 0
      }, "every layer of \(spec.line) puts something out")
  }

  private static let yamlSeeds =
    [
      Experiment.standard.yaml(),
      "network: {preset: resnet18}", "network: {preset: resnet20_cifar, input: [1, 28, 28]}\n",
      "{preset: resnet50, groups: 32, width_per_group: 4}",
      "{preset: resnext50_32x4d, stages: [{blocks: 1, channels: 64, group_width: 16}]}",
      """
      network:
        input: [3, 64, 64]
        classes: 1000
        regnet: {depth: 22, w0: 24, wa: 24.48, wm: 2.54, group_width: 16, bottleneck_ratio: 1}
      """,
      """
      name: "odd \\" \\u00e9"
      network:
        input: [1, 28, 28]
        classes: 10
        stem: {kernel: 3, stride: 1, channels: 8, pool: true}
        block: bottleneck
        stages: [{blocks: 1, channels: 16}, {blocks: 1, channels: 32, stride: 2, bottleneck_ratio: 0.5, group_width: null}]
        pre_activation: true
        shortcut: projection_all
        batch_norm: {eps: 1e-5, momentum: 0.1}
      data: {set: fashion-mnist, batch: 128, resize: 96, augment: [flip, crop], holdout: 10}
      optimizer: {name: adamw, learning_rate: 1e-3, betas: [0.9, 0.99], eps: 1e-8}
      schedule: {name: step, step_size: 30, gamma: 0.1, warmup_epochs: 1}
      loss: {label_smoothing: 0.1}
      checkpoint: {every_epochs: null, every_steps: 10, keep: 3}
      log: {every_steps: 20, layers_every_steps: null, images: 0}
      ema: 0.999
      precision: bf16
      """,
      """
      network: {input: [1, 8, 8], classes: 2, stem: none, block: inception, head: none,
        stages: [{blocks: 1, channels: 16}], padding: same}
      """,
      // Products that do not fit, and powers without end.
      "{preset: resnet50, expansion: 9223372036854775807, group_width: 8}",
      "{preset: resnet50, groups: 9223372036854775807, width_per_group: 9, stages: [{blocks: 1, channels: 64, group_width: 8}]}",
      "{input: [1, 28, 28], classes: 10, regnet: {depth: 9, w0: 8, wa: 16384, wm: 1.0000000001, group_width: 8}}",
      "a: &x [1]\nb: *x\n", "? {a: b}\n: c\n", "%YAML 1.1\n---\n!!str network: |\n  x\n...\n",
    ]

  private static let yamlWords =
    NetworkSpec.keys.known.map { "\($0): " } + Experiment.keys.known.map { "\n\($0): " } + [
      "resnet18", "regnet_x_400mf", "d2l_resnext18", "basic", "bottleneck", "inception", "null",
      "{blocks: 1, channels: 16}", "depth: ", "w0: ", "wa: ", "wm: ", "group_width: ", "none",
      "cifar", "imagenet", "true", "false", "identity_pad", "1e-5", "1.0000001",
      "9223372036854775807", "-9223372036854775808", "18446744073709551615", "&a ", "*a", "!!int ",
      "? ", ": ", "- ", "|\n ", ">-\n ", "\"\\0\"", "\"\\uFEFF\"", "\"\\x85\"", "<<: ", "---\n",
      "\u{FEFF}", "\u{85}", "\u{2028}", "\r\n", "[", "]", "{", "}", ", ", "#",
    ]
}
