import Architecture
import Experiments

/// The random changes to training images: the arrows take the customary ones, any can be typed.
struct AugmentValue: FieldValue {
  private static let ladder: [[AugmentationKind]] = [
    [], [.flip], [.crop], [.flip, .crop], [.flip, .crop, .cutout], [.flip, .crop, .erase],
    [.flip, .crop, .mixup],
  ]

  var choices: [String]? { ["none"] + AugmentationKind.allCases.map(\.rawValue) }

  func text(of experiment: Experiment) -> String {
    let augment = experiment.data.augment
    return augment.isEmpty ? "none" : augment.map(\.rawValue).joined(separator: "+")
  }

  func step(_ experiment: inout Experiment, by direction: Int) {
    experiment.data.augment = experiment.data.augment.neighbour(
      in: Self.ladder, by: direction)
  }

  func set(_ text: String, in experiment: inout Experiment) throws(FieldError) {
    let names = text.lowercased().split { "+, ".contains($0) }.map(String.init)
    let kinds = names.filter { $0 != "none" }.map(AugmentationKind.init(rawValue:))
    guard kinds.allSatisfy({ $0 != nil }), Set(kinds).count == kinds.count else {
      let all = AugmentationKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw FieldError("none, or some of \(all), such as flip+crop")
    }
    experiment.data.augment = kinds.compactMap { $0 }
  }
}

struct SeedValue: FieldValue {
  func text(of experiment: Experiment) -> String { "\(experiment.seed)" }

  func step(_ experiment: inout Experiment, by direction: Int) {
    experiment.seed =
      direction > 0
      ? min(experiment.seed + 1, Experiment.seedLimit) : max(1, experiment.seed) - 1
  }

  func set(_ text: String, in experiment: inout Experiment) throws(FieldError) {
    guard let value = UInt64(text), value <= Experiment.seedLimit else {
      throw FieldError("a whole number from 0 to 2^63")
    }
    experiment.seed = value
  }
}

/// Blocks that come while the network is trained: after which epoch, to which stage and how many.
struct GrowthValue: FieldValue {
  func text(of experiment: Experiment) -> String {
    guard !experiment.grow.isEmpty else { return "none" }
    return experiment.grow.map { "\($0.epoch):\($0.growth.stage)+\($0.growth.blocks)" }
      .joined(separator: " ")
  }

  func step(_ experiment: inout Experiment, by direction: Int) {}

  func set(_ text: String, in experiment: inout Experiment) throws(FieldError) {
    let words = text.split { ", ".contains($0) }.filter { $0 != "none" }
    let found = words.compactMap { word -> ScheduledGrowth? in
      guard let match = word.wholeMatch(of: /(\d+):(\d+)(\+(\d+))?/), let epoch = Int(match.1),
        let stage = Int(match.2), let blocks = Int(match.4 ?? "1"),
        (1...Experiment.epochLimit).contains(epoch), Growth.blockCounts.contains(blocks)
      else { return nil }
      return ScheduledGrowth(epoch: epoch, growth: Growth(stage: stage, blocks: blocks))
    }
    guard found.count == words.count, found.count <= ScheduledGrowth.countLimit else {
      throw FieldError("none, or epoch:stage+blocks, such as 2:3+1 4:3+1")
    }
    experiment.grow = found
  }
}
