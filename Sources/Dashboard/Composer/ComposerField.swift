import Architecture
import Experiments
import Foundation

/// A value of an experiment that the composer shows and changes.
enum ComposerField: Hashable, Sendable {
  case name, preset, input, classes, stem, block, stageCount
  case stageBlocks(Int)
  case stageChannels(Int)
  case stageStride(Int)
  case expansion, groups, widthPerGroup, bottleneckRatio, groupWidth
  case preActivation, shortcut, convBias
  case dataSet, augment, batch, epochs, learningRate, momentum, weightDecay, schedule,
    warmupEpochs, seed

  /// The fields of an experiment, from top to bottom.
  static func all(of experiment: Experiment) -> [ComposerField] {
    let network = experiment.network
    var fields: [ComposerField] = [
      .name, .preset, .input, .classes, .stem, .block, .stageCount,
    ]
    for stage in network.stages.indices {
      fields += [.stageBlocks(stage), .stageChannels(stage), .stageStride(stage)]
    }
    if network.block == .bottleneck {
      fields.append(.expansion)
      switch network.grouping {
      case .cardinality: fields += [.groups, .widthPerGroup]
      case .ratio: fields += [.bottleneckRatio, .groupWidth]
      }
    }
    if network.block != .inception { fields += [.preActivation, .shortcut] }
    return fields + [
      .convBias, .dataSet, .augment, .batch, .epochs, .learningRate, .momentum,
      .weightDecay, .schedule, .warmupEpochs, .seed,
    ]
  }

  /// The heading that stands above the field.
  var heading: String? {
    switch self {
    case .name: "experiment"
    case .preset: "network"
    case .dataSet: "training"
    default: nil
    }
  }

  /// As the YAML key, with blanks.
  var label: String {
    switch self {
    case .name: "name"
    case .preset: "preset"
    case .input: "input C×H×W"
    case .classes: "classes"
    case .stem: "stem"
    case .block: "block"
    case .stageCount: "stages"
    case .stageBlocks(let stage): "layer\(stage + 1) blocks"
    case .stageChannels: "  channels"
    case .stageStride: "  stride"
    case .expansion: "expansion"
    case .groups: "groups"
    case .widthPerGroup: "width per group"
    case .bottleneckRatio: "bottleneck ratio"
    case .groupWidth: "group width"
    case .shortcut: "shortcut"
    case .preActivation: "pre-activation"
    case .convBias: "conv bias"
    case .dataSet: "data set"
    case .augment: "augment"
    case .batch: "batch"
    case .epochs: "epochs"
    case .learningRate: "learning rate"
    case .momentum: "momentum"
    case .weightDecay: "weight decay"
    case .schedule: "schedule"
    case .warmupEpochs: "warm-up epochs"
    case .seed: "seed"
    }
  }

  /// The YAML key that a `SpecError` names.
  func isMeant(by key: String) -> Bool {
    switch self {
    case .stageCount: key == "stages" || key == "network.stages"
    case .stageBlocks(let stage): key.hasSuffix("stages[\(stage)].blocks")
    case .stageChannels(let stage): key.hasSuffix("stages[\(stage)].channels")
    case .stageStride(let stage): key.hasSuffix("stages[\(stage)].stride")
    default: key.split(separator: ".").last.map { $0 == yamlKey } ?? false
    }
  }

  private var yamlKey: String {
    switch self {
    case .dataSet: "set"
    case .widthPerGroup: "width_per_group"
    case .bottleneckRatio: "bottleneck_ratio"
    case .groupWidth: "group_width"
    case .preActivation: "pre_activation"
    case .convBias: "conv_bias"
    case .learningRate: "learning_rate"
    case .weightDecay: "weight_decay"
    case .warmupEpochs: "warmup_epochs"
    default: "\(self)"
    }
  }

  func text(of experiment: Experiment) -> String {
    let network = experiment.network
    return switch self {
    case .name: experiment.name
    case .preset: presetText(network)
    case .input: network.input.dimensions.map(String.init).joined(separator: "×")
    case .classes: "\(network.classes)"
    case .stem: Self.text(of: network.stem)
    case .block: network.block.rawValue
    case .stageCount: "\(network.stages.count)"
    case .stageBlocks(let stage): "\(network.stages[stage].blocks)"
    case .stageChannels(let stage): "\(network.stages[stage].channels)"
    case .stageStride(let stage): "\(network.stages[stage].stride)"
    case .expansion: "\(network.expansion)"
    case .groups, .widthPerGroup, .bottleneckRatio, .groupWidth: groupingText(network.grouping)
    case .shortcut: network.shortcut.rawValue
    case .preActivation: network.preActivation ? "yes" : "no"
    case .convBias: network.convBias ? "yes" : "no"
    case .dataSet: experiment.data.set.rawValue
    case .augment: Self.text(of: experiment.data.augment)
    case .batch: "\(experiment.data.batch)"
    case .epochs: "\(experiment.epochs)"
    case .learningRate: Self.text(experiment.optimizer.learningRate)
    case .momentum: Self.text(experiment.optimizer.momentum)
    case .weightDecay: Self.text(experiment.optimizer.weightDecay)
    case .schedule: experiment.schedule.name.rawValue
    case .warmupEpochs: "\(experiment.schedule.warmupEpochs)"
    case .seed: "\(experiment.seed)"
    }
  }

  /// The field's value in the spelling that has it.
  private func groupingText(_ grouping: Grouping) -> String {
    switch (self, grouping) {
    case (.groups, .cardinality(let groups, _)): "\(groups)"
    case (.widthPerGroup, .cardinality(_, let width)): "\(width)"
    case (.bottleneckRatio, .ratio(let ratio, _)): Self.text(ratio)
    case (.groupWidth, .ratio(_, let width)): width.map { "\($0)" } ?? "all"
    default: ""
    }
  }

  /// The preset's name, with a star where something was changed.
  private func presetText(_ network: NetworkSpec) -> String {
    guard var preset = Preset.named(network.name)?.spec else { return "own" }
    preset.input = network.input
    preset.classes = network.classes
    return preset == network ? network.name : "\(network.name)*"
  }

  private static func text(of stem: Stem) -> String {
    switch stem {
    case .imagenet: "imagenet"
    case .cifar: "cifar"
    case .none: "none"
    case .custom(let kernel, let stride, let channels, let pool):
      "\(kernel)×\(kernel)/\(stride) \(channels)\(pool ? " pool" : "")"
    }
  }

  private static func text(of augment: [AugmentationKind]) -> String {
    augment.isEmpty ? "none" : augment.map(\.rawValue).joined(separator: "+")
  }

  private static func text(_ value: Double) -> String {
    value == 0
      ? "0"
      : value.formatted(
        .number.precision(.significantDigits(1...6)).grouping(.never)
          .locale(Locale(identifier: "en_US_POSIX")))
  }
}
