import Architecture
import Experiments

/// A value of an experiment that the composer shows and changes. What each is called, means and
/// takes stands in `ComposerField+Facts.swift`.
enum ComposerField: Hashable, Sendable {
  case name, preset, input, classes
  case stem, stemKernel, stemStride, stemChannels, stemPool
  case block, stageCount
  case stageBlocks(Int)
  case stageChannels(Int)
  case stageStride(Int)
  /// Groups and inner width, of one stage or of the network.
  case grouping(GroupingPart, stage: Int?)
  case expansion, groupingSpelling, strideAt
  case preActivation, shortcut, shortcutNorm, zeroInitResidual
  case convBias, padding, head, initialization, batchNormEps, batchNormMomentum, line
  case dataSet, augment, testTimeFlip, batch, epochs, growth, optimizer, learningRate, momentum,
    nesterov,
    beta1, beta2, weightDecay, decay, ema, labelSmoothing, schedule, stepSize, gamma, warmupEpochs,
    precision, seed

  /// The fields of an experiment, from top to bottom.
  static func all(of experiment: Experiment) -> [ComposerField] {
    let network = experiment.network
    var fields: [ComposerField] = [.name, .preset, .input, .classes, .stem]
    if case .custom = network.stem {
      fields += [.stemKernel, .stemStride, .stemChannels, .stemPool]
    }
    fields += [.block, .stageCount]
    let hasGroups = network.block == .bottleneck
    for stage in network.stages.indices {
      fields += [.stageBlocks(stage), .stageChannels(stage), .stageStride(stage)]
      if hasGroups {
        let grouping = network.stages[stage].grouping ?? network.grouping
        fields += GroupingPart.all(of: grouping).map { .grouping($0, stage: stage) }
      }
    }
    if hasGroups {
      fields += [.expansion, .groupingSpelling]
      fields += GroupingPart.all(of: network.grouping).map { .grouping($0, stage: nil) }
      fields.append(.strideAt)
    }
    if network.block != .inception {
      fields += [.preActivation, .shortcut]
      if network.shortcut == .projection || network.shortcut == .projectionAll,
        !network.preActivation
      {
        fields.append(.shortcutNorm)
      }
      if network.shortcut != .none { fields.append(.zeroInitResidual) }
    }
    return fields + [
      .convBias, .padding, .head, .initialization, .batchNormEps, .batchNormMomentum, .line,
      .dataSet, .augment, .testTimeFlip, .batch, .epochs,
    ] + (experiment.grow.isEmpty ? [] : [.growth]) + [.optimizer, .learningRate]
      + optimizerFields(experiment.optimizer.name) + [
        .weightDecay, .decay, .ema, .labelSmoothing, .schedule,
      ] + scheduleFields(experiment.schedule.name) + [.precision, .seed]
  }

  private static func optimizerFields(_ kind: OptimizerKind) -> [ComposerField] {
    switch kind {
    case .sgd: [.momentum, .nesterov]
    case .adamW: [.beta1, .beta2]
    }
  }

  private static func scheduleFields(_ kind: ScheduleKind) -> [ComposerField] {
    switch kind {
    case .constant, .cosine: [.warmupEpochs]
    case .step: [.stepSize, .gamma, .warmupEpochs]
    // Its own warm-up is part of it.
    case .oneCycle: []
    }
  }

  /// The stage that the field belongs to.
  var stage: Int? {
    switch self {
    case .stageBlocks(let stage), .stageChannels(let stage), .stageStride(let stage): stage
    case .grouping(_, let stage): stage
    default: nil
    }
  }

  /// The same field of another stage.
  func moved(to stage: Int) -> ComposerField {
    switch self {
    case .stageBlocks: .stageBlocks(stage)
    case .stageChannels: .stageChannels(stage)
    case .stageStride: .stageStride(stage)
    case .grouping(let part, .some): .grouping(part, stage: stage)
    default: self
    }
  }

  /// Whether the value is the network's, which a stage that has none of its own takes.
  func isInherited(in experiment: Experiment) -> Bool {
    guard case .grouping(_, let stage?) = self else { return false }
    return experiment.network.stages[stage].grouping == nil
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

  /// Whether a problem's key names the field.
  func isMeant(by key: String) -> Bool {
    key == facts.key || "network.\(key)" == facts.key || self == .growth && key.hasPrefix("grow[")
  }

  func text(of experiment: Experiment) -> String { facts.value.text(of: experiment) }

  /// The experiment with the next (`by` 1) or the previous value (−1).
  func stepped(_ experiment: Experiment, by direction: Int) -> Experiment {
    var changed = experiment
    facts.value.step(&changed, by: direction)
    return changed
  }

  /// The experiment with what the user typed.
  ///
  /// - Throws: `FieldError` where the text is no value of the field. What is no *possible* value
  ///   passes: the network's own rules say why.
  func set(_ text: String, in experiment: Experiment) throws(FieldError) -> Experiment {
    var changed = experiment
    do {
      try facts.value.set(text.trimmingBlanks, in: &changed)
    } catch {
      throw FieldError("\(facts.label.trimmingBlanks): \(error.reason)")
    }
    return changed
  }
}

/// Why a text is no value of a field.
struct FieldError: Error, Equatable {
  var reason: String
  init(_ reason: String) { self.reason = reason }
}
