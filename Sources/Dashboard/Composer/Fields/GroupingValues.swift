import Architecture
import Experiments

/// One number of a `Grouping`.
enum GroupingPart: Hashable, Sendable {
  case groups, widthPerGroup
  case bottleneckRatio, groupWidth

  /// The parts of the spelling that `grouping` has.
  static func all(of grouping: Grouping) -> [GroupingPart] {
    switch grouping {
    case .cardinality: [.groups, .widthPerGroup]
    case .ratio: [.bottleneckRatio, .groupWidth]
    }
  }
}

/// A part of the network's grouping, or of the one that a stage has of its own.
struct GroupingValue: FieldValue {
  let part: GroupingPart
  /// nil: the network's.
  let stage: Int?

  private static let ratios = [0.125, 0.25, 0.5, 1, 2, 4, 8]

  private func grouping(of network: NetworkSpec) -> Grouping {
    stage.flatMap { network.stages[$0].grouping } ?? network.grouping
  }

  /// A stage with the network's grouping has none of its own.
  private func put(_ grouping: Grouping, into network: inout NetworkSpec) {
    if let stage {
      network.stages[stage].grouping = grouping == network.grouping ? nil : grouping
    } else {
      network.grouping = grouping
      for stage in network.stages.indices where network.stages[stage].grouping == grouping {
        network.stages[stage].grouping = nil
      }
    }
  }

  func text(of experiment: Experiment) -> String {
    switch (part, grouping(of: experiment.network)) {
    case (.groups, .cardinality(let groups, _)): "\(groups)"
    case (.widthPerGroup, .cardinality(_, let width)): "\(width)"
    case (.bottleneckRatio, .ratio(let ratio, _)): RealNumber.text(ratio)
    case (.groupWidth, .ratio(_, let width)): width.map { "\($0)" } ?? "all"
    default: ""
    }
  }

  func step(_ experiment: inout Experiment, by direction: Int) {
    func doubled(_ value: Int) -> Int {
      WholeNumber.Step.double.next(value.clamped(to: 1...4096), by: direction)
        .clamped(to: 1...4096)
    }
    var grouping = grouping(of: experiment.network)
    switch (part, grouping) {
    case (.groups, .cardinality(let groups, let width)):
      grouping = .cardinality(groups: doubled(groups), widthPerGroup: width)
    case (.widthPerGroup, .cardinality(let groups, let width)):
      grouping = .cardinality(groups: groups, widthPerGroup: doubled(width))
    case (.bottleneckRatio, .ratio(let ratio, let width)):
      grouping = .ratio(
        bottleneckRatio: RealNumber.stepped(ratio, along: Self.ratios, by: direction),
        groupWidth: width)
    case (.groupWidth, .ratio(let ratio, let width)):
      grouping = .ratio(bottleneckRatio: ratio, groupWidth: width.map(doubled) ?? 16)
    default: break
    }
    put(grouping, into: &experiment.network)
  }

  func set(_ text: String, in experiment: inout Experiment) throws(FieldError) {
    func whole() throws(FieldError) -> Int {
      guard let value = Int(text) else { throw FieldError("a whole number, please") }
      return value
    }
    var grouping = grouping(of: experiment.network)
    switch (part, grouping) {
    case (.groups, .cardinality(_, let width)):
      grouping = .cardinality(groups: try whole(), widthPerGroup: width)
    case (.widthPerGroup, .cardinality(let groups, _)):
      grouping = .cardinality(groups: groups, widthPerGroup: try whole())
    case (.bottleneckRatio, .ratio(_, let width)):
      grouping = .ratio(bottleneckRatio: try RealNumber.number(text), groupWidth: width)
    case (.groupWidth, .ratio(let ratio, _)):
      grouping = .ratio(bottleneckRatio: ratio, groupWidth: text == "all" ? nil : try whole())
    default: break
    }
    put(grouping, into: &experiment.network)
  }
}

/// Which of the two spellings the inner width is given in. Changing it keeps the first stage's width
/// and groups, and takes away what stages have of their own.
struct GroupingSpelling: FieldValue {
  private static let texts = ["groups", "ratio"]

  func text(of experiment: Experiment) -> String {
    switch experiment.network.grouping {
    case .cardinality: Self.texts[0]
    case .ratio: Self.texts[1]
    }
  }

  func step(_ experiment: inout Experiment, by direction: Int) { change(&experiment.network) }

  func set(_ text: String, in experiment: inout Experiment) throws(FieldError) {
    guard Self.texts.contains(text.lowercased()) else { throw FieldError("groups or ratio") }
    if text.lowercased() != self.text(of: experiment) { change(&experiment.network) }
  }

  private func change(_ network: inout NetworkSpec) {
    // Numbers that cannot be may be too large to be multiplied.
    guard let first = network.stages.first, network.problems().isEmpty else { return }
    let inner = network.grouping.width(channels: first.channels, expansion: network.expansion)
    let ratio = network.grouping.bottleneckRatio(expansion: network.expansion)
    switch network.grouping {
    case .cardinality:
      network.grouping = .ratio(
        bottleneckRatio: ratio,
        groupWidth: inner.groups == 1 ? nil : max(1, inner.channels / inner.groups))
    case .ratio:
      let width = Double(64 * network.expansion) * ratio / Double(max(1, inner.groups))
      network.grouping = .cardinality(
        groups: max(1, inner.groups), widthPerGroup: max(1, Int(width.rounded())))
    }
    for stage in network.stages.indices { network.stages[stage].grouping = nil }
  }
}
