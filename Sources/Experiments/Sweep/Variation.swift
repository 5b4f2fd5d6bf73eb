import Architecture
import Yams

/// An experiment's YAML, some of whose keys are given other values.
struct Variation {
  private let base: YAMLDocument
  /// The file that varies it, for messages.
  private let file: String

  /// - Parameter sweep: the file that varies it, for messages.
  init(_ base: YAMLDocument, sweep file: String) {
    self.base = base
    self.file = file
  }

  /// - Parameter run: whose changes they are, for messages.
  func experiment(
    with changes: [Sweep.Change], for run: String
  ) throws(ExperimentError) -> Experiment {
    var root = base.root
    for change in changes {
      guard let path = Self.path(change.key),
        let changed = Self.replaced(path, in: root, change.value)
      else {
        throw ExperimentError(
          file: file, key: "\(ScalarText.shortened(run)): \(ScalarText.shortened(change.key))",
          reason: "is no place in \(base.file); write its keys with points between them, and the "
            + "number of an item in brackets, as in network.stages[0].channels.")
      }
      root = changed
    }
    do throws(ExperimentError) {
      return try Experiment(YAMLDocument(root, file: base.file))
    } catch {
      throw ExperimentError(
        file: file,
        key: [ScalarText.shortened(run), error.key ?? ""].filter { !$0.isEmpty }.joined(
          separator: ": "),
        reason: error.reason)
    }
  }

  /// Most steps of a path; an experiment's longest have six.
  private static let depthLimit = 16

  private enum Step {
    case key(String)
    case index(Int)
  }

  /// `network.stages[0].channels`; nil where it is none.
  private static func path(_ text: String) -> [Step]? {
    var steps: [Step] = []
    for part in text.split(separator: ".", omittingEmptySubsequences: false) {
      let name = part.prefix { $0 != "[" }
      guard !name.isEmpty else { return nil }
      steps.append(.key(String(name)))
      var rest = part.dropFirst(name.count)
      while !rest.isEmpty {
        guard rest.first == "[", let end = rest.firstIndex(of: "]"),
          let index = Int(rest[rest.index(after: rest.startIndex)..<end]), index >= 0
        else { return nil }
        steps.append(.index(index))
        rest = rest[rest.index(after: end)...]
      }
    }
    return (1...depthLimit).contains(steps.count) ? steps : nil
  }

  /// The tree with another value at a path; mappings on the way are made where there are none. nil where
  /// the path leads through something else.
  private static func replaced(
    _ path: some Collection<Step>, in node: Node?, _ value: Node
  ) -> Node? {
    guard let step = path.first else { return value }
    switch (step, node) {
    case (.key(let key), .mapping(var mapping)?):
      guard let inner = replaced(path.dropFirst(), in: mapping[Node(key)], value) else {
        return nil
      }
      mapping[Node(key)] = inner
      return .mapping(mapping)
    case (.key(let key), let node) where node.map(ScalarText.isNull) ?? true:
      return replaced(path.dropFirst(), in: nil, value).map { .block([(key, $0)]) }
    case (.index(let index), .sequence(var sequence)?) where sequence.indices.contains(index):
      guard let inner = replaced(path.dropFirst(), in: sequence[index], value) else { return nil }
      sequence[index] = inner
      return .sequence(sequence)
    default: return nil
    }
  }
}
