import Architecture
import Yams

/// The values of an experiment under the paths of their YAML keys.
enum Settings {
  /// A tree as one line, as YAML's flow style has it.
  static func line(_ node: Node) -> String {
    switch node {
    case .scalar(let scalar): scalar.string
    case .sequence(let items): "[" + items.map(line).joined(separator: ", ") + "]"
    case .mapping(let pairs):
      "{" + pairs.map { "\(line($0.key)): \(line($0.value))" }.joined(separator: ", ") + "}"
    case .alias: ""
    }
  }

  /// What stands under a path of keys, such as `network.stages`; nil for nothing.
  static func node(at path: String, in pairs: [(String, Node)]) -> Node? {
    let keys = path.split(separator: ".").map(String.init)
    let top = pairs.first { $0.0 == keys.first }?.1
    return keys.dropFirst().reduce(top) { node, key in
      guard case .mapping(let mapping) = node else { return nil }
      return mapping.first { $0.key.scalar?.string == key }?.value
    }
  }

  /// The scalars of a tree with their paths, such as `network.stages[0].blocks`.
  static func flattened(_ node: Node, at path: String) -> [(key: String, value: String)] {
    switch node {
    case .scalar(let scalar): [(path, scalar.string)]
    case .sequence(let items):
      // Short lists of numbers are one value.
      items.allSatisfy { $0.scalar != nil }
        ? [(path, "[" + items.map { $0.scalar?.string ?? "" }.joined(separator: ", ") + "]")]
        : items.enumerated().flatMap { flattened($1, at: "\(path)[\($0)]") }
    case .mapping(let pairs):
      pairs.flatMap { flattened($0.value, at: "\(path).\($0.key.scalar?.string ?? "")") }
    case .alias: []
    }
  }
}

extension Experiment {
  /// Every key but the name and the description, as `network.groups`, with its value.
  public var settings: [(key: String, value: String)] {
    pairs.filter { $0.0 != "name" && $0.0 != "description" }
      .flatMap { Settings.flattened($0.1, at: $0.0) }
  }

  /// The first setting in which it differs from an experiment that ran, as `epochs 5, not 10`; nil where
  /// it is the same.
  public func firstDifference(from ran: Experiment) -> String? {
    func values(_ experiment: Experiment) -> [String: String] {
      Dictionary(experiment.settings, uniquingKeysWith: { first, _ in first })
    }
    let (theirs, own) = (values(ran), values(self))
    // Every key of a network is a setting: whether a preset's name stands beside them changes nothing.
    let keys = (ran.settings + settings).map(\.key).filter { $0 != "network.preset" }
    guard let key = keys.first(where: { theirs[$0] != own[$0] }) else { return nil }
    if let theirs = theirs[key], let own = own[key] { return "\(key) \(theirs), not \(own)" }
    // Lists of different lengths are shown whole.
    let path = String(key.prefix { $0 != "[" })
    func text(_ experiment: Experiment) -> String {
      Settings.node(at: path, in: experiment.pairs).map(Settings.line) ?? "unset"
    }
    return "\(path) \(text(ran)), not \(text(self))"
  }
}
