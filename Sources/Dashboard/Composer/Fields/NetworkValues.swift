import Architecture
import Experiments

/// The experiment's name, and the network's with it unless that is a preset's.
struct NameValue: FieldValue {
  func text(of experiment: Experiment) -> String { experiment.name }

  func step(_ experiment: inout Experiment, by direction: Int) {}

  func set(_ text: String, in experiment: inout Experiment) throws(FieldError) {
    guard !text.isEmpty, text.count <= 80 else { throw FieldError("1 to 80 characters") }
    let name = Experiment.folderName(for: text)
    experiment.name = name
    if Preset.named(experiment.network.name) == nil { experiment.network.name = name }
  }
}

/// The preset that the network started from, with a star where something was changed since.
struct PresetValue: FieldValue {
  func text(of experiment: Experiment) -> String {
    let network = experiment.network
    guard let preset = network.untouchedPreset else { return "own" }
    return preset == network ? network.name : "\(network.name)*"
  }

  func step(_ experiment: inout Experiment, by direction: Int) {
    let names = Preset.all.map(\.name)
    let name = experiment.network.name
    experiment.choose(
      preset: names.contains(name) || direction > 0
        ? name.neighbour(in: names, by: direction) : names[names.count - 1])
  }

  func set(_ text: String, in experiment: inout Experiment) throws(FieldError) {
    guard Preset.named(text) != nil else {
      let near = NearestName.suggestion(for: text, among: Preset.all.map(\.name))
      throw FieldError("none is called \(text)" + (near.map { "; did you mean \($0)?" } ?? ""))
    }
    experiment.choose(preset: text)
  }
}

/// The whole network as one line, to be pasted.
struct LineValue: FieldValue {
  func text(of experiment: Experiment) -> String { experiment.network.line }

  func step(_ experiment: inout Experiment, by direction: Int) {}

  func set(_ text: String, in experiment: inout Experiment) throws(FieldError) {
    guard SpecReference.isLine(text) else {
      throw FieldError("keys in braces, such as {preset: resnet50, groups: 32}")
    }
    do {
      var network = try SpecReference.resolve(text, images: experiment.network).spec
      if network.name == SpecReference.lineName {
        network.name = experiment.network.name
      } else if network.name != experiment.network.name {
        experiment.name = network.name
      }
      experiment.network = network
    } catch {
      throw FieldError("\(error)")
    }
  }
}

/// C×H×W of an image; the data are resized with it.
struct InputValue: FieldValue {
  private static let sides = [28, 32, 48, 64, 96, 128, 160, 224]

  func text(of experiment: Experiment) -> String { "\(experiment.network.input)" }

  func step(_ experiment: inout Experiment, by direction: Int) {
    let side = experiment.network.input.height
    let next =
      direction > 0 ? Self.sides.first { $0 > side } : Self.sides.last { $0 < side }
    set(side: next ?? (direction > 0 ? 224 : 28), in: &experiment)
  }

  func set(_ text: String, in experiment: inout Experiment) throws(FieldError) {
    let normal = text.split { "×x,[] ".contains($0) }.joined(separator: "x")
    if let side = Int(normal) {
      set(side: side, in: &experiment)
    } else if let shape = ImageShape(parsing: normal) {
      experiment.network.input = shape
      experiment.data.resize = shape.height == experiment.data.set.side ? nil : shape.height
    } else {
      throw FieldError("C×H×W such as 1x28x28, or one number for H and W")
    }
  }

  /// Fits the network to another data set's images: to their channels, and to their side unless they are
  /// resized.
  @Sendable static func takeImages(of experiment: inout Experiment) {
    let set = experiment.data.set
    experiment.network.input.channels = set.channels
    if experiment.data.resize == set.side { experiment.data.resize = nil }
    guard experiment.data.resize == nil else { return }
    experiment.network.input.height = set.side
    experiment.network.input.width = set.side
  }

  private func set(side: Int, in experiment: inout Experiment) {
    experiment.network.input.height = side
    experiment.network.input.width = side
    experiment.data.resize = side == experiment.data.set.side ? nil : side
  }
}

struct StemValue: FieldValue {
  /// `custom` starts as the stem that it takes the place of.
  private static let names = ["imagenet", "cifar", "custom", "none"]

  var choices: [String]? { Self.names }

  func text(of experiment: Experiment) -> String {
    switch experiment.network.stem {
    case .imagenet: "imagenet"
    case .cifar: "cifar"
    case .none: "none"
    case .custom: "custom"
    }
  }

  func step(_ experiment: inout Experiment, by direction: Int) {
    choose(text(of: experiment).neighbour(in: Self.names, by: direction), in: &experiment.network)
  }

  func set(_ text: String, in experiment: inout Experiment) throws(FieldError) {
    guard Self.names.contains(text.lowercased()) else {
      throw FieldError("one of \(Self.names.joined(separator: ", "))")
    }
    choose(text.lowercased(), in: &experiment.network)
  }

  private func choose(_ name: String, in network: inout NetworkSpec) {
    switch name {
    case "imagenet": network.stem = .imagenet
    case "cifar": network.stem = .cifar
    case "none": network.stem = .none
    default: network.stem = .custom(network.customStem)
    }
  }
}

/// As many stages as the number says, from the end.
struct StageCount: FieldValue {
  func text(of experiment: Experiment) -> String { "\(experiment.network.stages.count)" }

  func step(_ experiment: inout Experiment, by direction: Int) {
    resize(&experiment.network, to: experiment.network.stages.count + direction)
  }

  func set(_ text: String, in experiment: inout Experiment) throws(FieldError) {
    guard let count = Int(text), NetworkSpec.stageCounts.contains(count) else {
      throw FieldError("1 to \(NetworkSpec.stageCounts.upperBound)")
    }
    resize(&experiment.network, to: count)
  }

  private func resize(_ network: inout NetworkSpec, to count: Int) {
    let count = count.clamped(to: NetworkSpec.stageCounts)
    while network.stages.count > count { network.stages.removeLast() }
    while network.stages.count < count { network.addStage(after: network.stages.count - 1) }
  }
}
