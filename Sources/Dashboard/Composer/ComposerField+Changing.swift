import Architecture
import Experiments
import Foundation

/// What the arrow keys and typing make of a field's value.
extension ComposerField {
  /// The experiment with the next (`by` 1) or the previous value (−1).
  func stepped(_ experiment: Experiment, by direction: Int) -> Experiment {
    var changed = experiment
    func next<Value: Equatable>(_ value: Value, among values: [Value]) -> Value {
      guard let index = values.firstIndex(of: value) else { return values[0] }
      return values[(index + direction + values.count) % values.count]
    }
    func scaled(_ value: Int, in range: ClosedRange<Int>) -> Int {
      min(range.upperBound, max(range.lowerBound, direction > 0 ? value * 2 : value / 2))
    }
    func shifted(_ value: Int, in range: ClosedRange<Int>) -> Int {
      min(range.upperBound, max(range.lowerBound, value + direction))
    }
    switch self {
    case .name: break
    case .preset:
      let names = Preset.all.map(\.name)
      let name =
        names.contains(experiment.network.name)
        ? next(experiment.network.name, among: names)
        : direction > 0 ? names[0] : names[names.count - 1]
      Self.choose(preset: name, in: &changed)
    case .input:
      let sides = [28, 32, 48, 64, 96, 128, 160, 224]
      let side = experiment.network.input.height
      let index =
        direction > 0
        ? sides.firstIndex { $0 > side } ?? sides.count - 1
        : sides.lastIndex { $0 < side } ?? 0
      Self.setSide(sides[index], in: &changed)
    case .classes: changed.network.classes = shifted(experiment.network.classes, in: 2...100_000)
    case .stem:
      changed.network.stem = next(
        experiment.network.stem, among: [Stem.imagenet, .cifar, .none])
    case .block:
      Self.choose(block: next(experiment.network.block, among: BlockKind.allCases), in: &changed)
    case .stageCount:
      let stages = experiment.network.stages
      if direction > 0, let last = stages.last, stages.count < 8 {
        changed.network.stages.append(
          Stage(blocks: last.blocks, channels: last.channels * 2, stride: 2))
      } else if direction < 0, stages.count > 1 {
        changed.network.stages.removeLast()
      }
    case .stageBlocks(let stage):
      changed.network.stages[stage].blocks = shifted(
        experiment.network.stages[stage].blocks, in: 1...512)
    case .stageChannels(let stage):
      let channels = experiment.network.stages[stage].channels
      changed.network.stages[stage].channels = min(
        16_384, max(8, channels + direction * max(8, channels / 4 / 8 * 8)))
    case .stageStride(let stage):
      changed.network.stages[stage].stride = shifted(
        experiment.network.stages[stage].stride, in: 1...8)
    case .expansion: changed.network.expansion = shifted(experiment.network.expansion, in: 1...16)
    case .groups, .widthPerGroup, .bottleneckRatio, .groupWidth:
      switch (self, experiment.network.grouping) {
      case (.groups, .cardinality(let groups, let width)):
        changed.network.grouping = .cardinality(
          groups: scaled(groups, in: 1...4096), widthPerGroup: width)
      case (.widthPerGroup, .cardinality(let groups, let width)):
        changed.network.grouping = .cardinality(
          groups: groups, widthPerGroup: scaled(width, in: 1...4096))
      case (.bottleneckRatio, .ratio(let ratio, let width)):
        changed.network.grouping = .ratio(
          bottleneckRatio: min(8, max(0.125, direction > 0 ? ratio * 2 : ratio / 2)),
          groupWidth: width)
      case (.groupWidth, .ratio(let ratio, let width)):
        changed.network.grouping = .ratio(
          bottleneckRatio: ratio, groupWidth: width.map { scaled($0, in: 1...4096) } ?? 16)
      default: break
      }
    case .shortcut:
      changed.network.shortcut = next(
        experiment.network.shortcut, among: ShortcutKind.allCases)
    case .preActivation: changed.network.preActivation.toggle()
    case .convBias: changed.network.convBias.toggle()
    case .dataSet: changed.data.set = next(experiment.data.set, among: DataSetKind.allCases)
    case .augment:
      changed.data.augment = next(
        experiment.data.augment, among: [[], [.flip], [.crop], [.flip, .crop]])
    case .batch: changed.data.batch = scaled(experiment.data.batch, in: 1...65_536)
    case .epochs:
      changed.epochs = shifted(experiment.epochs, in: 1...Experiment.epochLimit)
    case .learningRate:
      changed.optimizer.learningRate = Self.stepped(experiment.optimizer.learningRate, direction)
    case .momentum:
      changed.optimizer.momentum = next(
        experiment.optimizer.momentum, among: [0, 0.5, 0.8, 0.9, 0.95, 0.99])
    case .weightDecay:
      changed.optimizer.weightDecay = next(
        experiment.optimizer.weightDecay, among: [0, 1e-5, 1e-4, 5e-4, 1e-3, 1e-2])
    case .schedule:
      changed.schedule.name = next(experiment.schedule.name, among: ScheduleKind.allCases)
    case .warmupEpochs:
      changed.schedule.warmupEpochs = shifted(experiment.schedule.warmupEpochs, in: 0...1000)
    case .seed:
      changed.seed = direction > 0 ? experiment.seed + 1 : max(1, experiment.seed) - 1
    }
    return changed
  }

  /// The neighbour in 1, 2, 5, 10, … of a positive number.
  private static func stepped(_ value: Double, _ direction: Int) -> Double {
    let ladder = (-7...1).flatMap { power in [1.0, 2.0, 5.0].map { $0 * pow(10, Double(power)) } }
    let next =
      direction > 0
      ? ladder.first { $0 > value * 1.0001 } : ladder.last { $0 < value * 0.9999 }
    return next ?? value
  }

  /// The experiment with what the user typed.
  ///
  /// - Throws: `FieldError` where the text is no value of the field. What is no *possible* value
  ///   passes: the network's own rules say why.
  func set(_ text: String, in experiment: Experiment) throws(FieldError) -> Experiment {
    var changed = experiment
    let text = text.trimmingCharacters(in: .whitespaces)
    func integer() throws(FieldError) -> Int {
      guard let value = Int(text) else {
        throw FieldError("\(label.trimmed): a whole number, please")
      }
      return value
    }
    func number() throws(FieldError) -> Double {
      guard let value = Double(text), value.isFinite, value >= 0 else {
        throw FieldError("\(label.trimmed): a number of 0 or more, such as 0.1 or 5e-4")
      }
      return value
    }
    func choice<Value: RawRepresentable & CaseIterable>(
      _ type: Value.Type
    ) throws(FieldError) -> Value where Value.RawValue == String {
      if let value = Value(rawValue: text.lowercased()) { return value }
      let choices = Value.allCases.map(\.rawValue).joined(separator: ", ")
      throw FieldError("\(label.trimmed): one of \(choices)")
    }
    func flag() throws(FieldError) -> Bool {
      switch text.lowercased() {
      case "yes", "y", "true", "1": return true
      case "no", "n", "false", "0": return false
      default: throw FieldError("\(label.trimmed): yes or no")
      }
    }
    switch self {
    case .name:
      guard !text.isEmpty, text.count <= 80 else { throw FieldError("name: 1 to 80 characters") }
      changed.name = text
      if Preset.named(changed.network.name) == nil { changed.network.name = text }
    case .preset:
      guard Preset.named(text) != nil else {
        let near = NearestName.suggestion(for: text, among: Preset.all.map(\.name))
        throw FieldError(
          "no preset is called \(text)" + (near.map { "; did you mean \($0)?" } ?? ""))
      }
      Self.choose(preset: text, in: &changed)
    case .input:
      let normal = text.replacing("×", with: "x").replacing(",", with: "x")
        .filter { !"[] ".contains($0) }
      if let side = Int(normal) {
        Self.setSide(side, in: &changed)
      } else if let shape = ImageShape(parsing: normal) {
        changed.network.input = shape
        changed.data.resize = shape.height == changed.data.set.side ? nil : shape.height
      } else {
        throw FieldError("input: C×H×W such as 1x28x28, or one number for H and W")
      }
    case .classes: changed.network.classes = try integer()
    case .stem:
      switch text.lowercased() {
      case "imagenet": changed.network.stem = .imagenet
      case "cifar": changed.network.stem = .cifar
      case "none": changed.network.stem = .none
      default: throw FieldError("stem: one of imagenet, cifar, none")
      }
    case .block: Self.choose(block: try choice(BlockKind.self), in: &changed)
    case .stageCount:
      let count = try integer()
      guard (1...8).contains(count) else { throw FieldError("stages: 1 to 8") }
      while changed.network.stages.count > count { changed.network.stages.removeLast() }
      while changed.network.stages.count < count {
        changed = ComposerField.stageCount.stepped(changed, by: 1)
      }
    case .stageBlocks(let stage): changed.network.stages[stage].blocks = try integer()
    case .stageChannels(let stage): changed.network.stages[stage].channels = try integer()
    case .stageStride(let stage): changed.network.stages[stage].stride = try integer()
    case .expansion: changed.network.expansion = try integer()
    case .groups, .widthPerGroup, .bottleneckRatio, .groupWidth:
      switch (self, experiment.network.grouping) {
      case (.groups, .cardinality(_, let width)):
        changed.network.grouping = .cardinality(groups: try integer(), widthPerGroup: width)
      case (.widthPerGroup, .cardinality(let groups, _)):
        changed.network.grouping = .cardinality(groups: groups, widthPerGroup: try integer())
      case (.bottleneckRatio, .ratio(_, let width)):
        changed.network.grouping = .ratio(bottleneckRatio: try number(), groupWidth: width)
      case (.groupWidth, .ratio(let ratio, _)):
        changed.network.grouping = .ratio(
          bottleneckRatio: ratio, groupWidth: text == "all" ? nil : try integer())
      default: break
      }
    case .shortcut: changed.network.shortcut = try choice(ShortcutKind.self)
    case .preActivation: changed.network.preActivation = try flag()
    case .convBias: changed.network.convBias = try flag()
    case .dataSet: changed.data.set = try choice(DataSetKind.self)
    case .augment:
      let names = text.lowercased().split { "+, ".contains($0) }.map(String.init)
      let kinds = names.filter { $0 != "none" }.map(AugmentationKind.init(rawValue:))
      guard kinds.allSatisfy({ $0 != nil }) else {
        throw FieldError("augment: none, flip, crop or flip+crop")
      }
      changed.data.augment = kinds.compactMap { $0 }
    case .batch:
      let value = try integer()
      guard (1...65_536).contains(value) else { throw FieldError("batch: 1 to 65536") }
      changed.data.batch = value
    case .epochs:
      let value = try integer()
      guard (1...Experiment.epochLimit).contains(value) else {
        throw FieldError("epochs: 1 to \(Experiment.epochLimit)")
      }
      changed.epochs = value
    case .learningRate:
      let value = try number()
      guard value > 0 else { throw FieldError("learning rate: above 0") }
      changed.optimizer.learningRate = value
    case .momentum:
      let value = try number()
      guard value < 1 else { throw FieldError("momentum: from 0 to below 1") }
      changed.optimizer.momentum = value
    case .weightDecay: changed.optimizer.weightDecay = try number()
    case .schedule: changed.schedule.name = try choice(ScheduleKind.self)
    case .warmupEpochs:
      let value = try integer()
      guard (0...100_000).contains(value) else { throw FieldError("warm-up epochs: 0 to 100000") }
      changed.schedule.warmupEpochs = value
    case .seed:
      guard let value = UInt64(text), value <= Experiment.seedLimit else {
        throw FieldError("seed: a whole number from 0 to 2^63")
      }
      changed.seed = value
    }
    return changed
  }

  /// Another network for the same images.
  private static func choose(preset name: String, in experiment: inout Experiment) {
    guard var spec = Preset.named(name)?.spec else { return }
    spec.input = experiment.network.input
    spec.classes = experiment.network.classes
    experiment.network = spec
    experiment.name = name
  }

  /// Another kind of block; what it cannot have goes with it, for its fields go too.
  private static func choose(block: BlockKind, in experiment: inout Experiment) {
    experiment.network.block = block
    if block != .bottleneck {
      experiment.network.grouping = .dense
      for stage in experiment.network.stages.indices {
        experiment.network.stages[stage].grouping = nil
      }
    }
    if block == .inception {
      experiment.network.preActivation = false
      experiment.network.shortcut = .projection
      experiment.network.zeroInitResidual = false
    }
  }

  private static func setSide(_ side: Int, in experiment: inout Experiment) {
    experiment.network.input.height = side
    experiment.network.input.width = side
    experiment.data.resize = side == experiment.data.set.side ? nil : side
  }
}

/// Why a text is no value of a field.
struct FieldError: Error, Equatable {
  var reason: String
  init(_ reason: String) { self.reason = reason }
}

extension String {
  fileprivate var trimmed: String { trimmingCharacters(in: .whitespaces) }
}
