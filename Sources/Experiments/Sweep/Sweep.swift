import Architecture
import Yams

/// Trainings of one experiment that differ in some settings, as one `sweep.yaml` says them.
public struct Sweep: Sendable, Hashable {
  /// One of the trainings.
  public struct Run: Sendable, Hashable {
    /// The name of its folder, unlike every other's.
    public var id: String
    /// What it is called without its seed, where the grid has seeds: runs that differ in nothing else have
    /// it in common.
    public var group: String
    /// What was set for it, by the paths of the YAML keys, such as `network.groups`.
    public var settings: [Setting]
    public var experiment: Experiment
  }

  /// A key and the text of its value.
  public struct Setting: Sendable, Hashable {
    public var key: String
    public var value: String
  }

  /// In the order of the file; those of a grid with its last key changing first.
  public var runs: [Run]
  /// The runs are variants, each with a name that says what it is.
  public var hasVariants: Bool

  /// What a sweep may ask for.
  package struct Limits: Sendable {
    var runs: Int
    /// Random draws that are tried for a sample before its space counts as empty.
    var draws: Int

    package init(runs: Int = 10_000, draws: Int = 2000) {
      self.runs = runs
      self.draws = draws
    }
  }

  /// Most keys that a run may have set.
  static let keyLimit = 64
  /// Most bytes of a run's name, which is a folder's.
  private static let nameLimit = 200

  /// The keys that are set for any run, in the order in which they first occur.
  public var keys: [String] {
    runs.flatMap(\.settings).reduce(into: []) { keys, setting in
      if !keys.contains(setting.key) { keys.append(setting.key) }
    }
  }

  /// The first thing that keeps a run from being trained, with the run's name in front of the key.
  public var problem: ExperimentError? {
    for run in runs {
      guard var problem = run.experiment.problems.first else { continue }
      problem.key = [run.id, problem.key].compactMap { $0 }.joined(separator: ": ")
      return problem
    }
    return nil
  }
}

extension Sweep {
  /// Reads the sweep in the file at `path`, or in the `sweep.yaml` of the folder there.
  ///
  /// - Throws: the first thing that is wrong with it, or with the experiment that it varies.
  public static func load(_ path: String) throws(ExperimentError) -> Sweep {
    let file = Folder.exists(path) ? "\(path)/sweep.yaml" : path
    return try Sweep(yaml: YAMLDocument.text(of: file), file: file) {
      (name) throws(ExperimentError) in
      let base = name.hasPrefix("/") ? name : "\(Folder.split(file).folder)/\(name)"
      return (try YAMLDocument.text(of: base), base)
    }
  }

  static let keys = MappingReader.Keys(known: ["experiment", "variants", "grid", "random"])

  /// The experiment that is varied where the file names none.
  private static let standardExperiment = "experiment.yaml"

  /// - Parameters:
  ///   - file: for messages.
  ///   - limits: what it may ask for.
  ///   - experiment: gives the text of the experiment that is varied, and its path, by the name that the
  ///     sweep has for it.
  package init(
    yaml: String, file: String, limits: Limits = Limits(),
    experiment: (String) throws(ExperimentError) -> (text: String, path: String)
  ) throws(ExperimentError) {
    let document = try YAMLDocument(yaml, file: file)
    let reader = try MappingReader(document.root, path: "", file: file, keys: Self.keys)
    let (text, path) = try experiment(
      try reader.text("experiment") ?? Self.standardExperiment)
    let base = try YAMLDocument(text, file: path)
    // What is wrong with it by itself is said with its own lines.
    _ = try Experiment(base)
    let variation = Variation(base, sweep: file)
    var starts = [Start(id: "", changes: [])]
    hasVariants = false
    if let space = try SampleSpace(reader, limits: limits) {
      guard !reader.hasValue("variants") else {
        throw reader.error("variants", "and random exclude each other; keep one of them.")
      }
      starts = try space.samples(of: variation)
    } else if let variants = try Self.variants(reader) {
      starts = variants
      hasVariants = true
    }
    let combinations = try Self.combinations(reader, limit: limits.runs)
    let count = starts.count * combinations.count
    guard count <= limits.runs else {
      throw ExperimentError(
        file: file, reason: "describes \(count) runs; \(limits.runs) are the most.")
    }
    guard
      starts.contains(where: { !$0.id.isEmpty })
        || combinations.contains(where: { !$0.parts.isEmpty })
    else {
      throw ExperimentError(
        file: file, reason: "varies nothing; give variants, a grid or random samples.")
    }
    runs = []
    var taken: Set<String> = []
    for start in starts {
      for combination in combinations {
        func name(_ parts: [String]) -> String {
          ([start.id] + parts).filter { !$0.isEmpty }.joined(separator: "_")
        }
        let id = name(combination.parts.map(\.name))
        guard taken.insert(id).inserted else {
          throw ExperimentError(
            file: file, key: ScalarText.shortened(id),
            reason: "is the name of two runs; call one of them otherwise.")
        }
        guard id.utf8.count <= Self.nameLimit else {
          throw ExperimentError(
            file: file, key: ScalarText.shortened(id),
            reason:
              "is too long for a folder's name; vary fewer keys, or give variants short names.")
        }
        let changes = start.changes + combination.parts.map(\.change)
        var keys: Set<String> = []
        if let twice = changes.first(where: { !keys.insert($0.key).inserted }) {
          throw ExperimentError(
            file: file, key: "\(ScalarText.shortened(id)): \(ScalarText.shortened(twice.key))",
            reason: "is set by \(ScalarText.shortened(start.id)) and by the grid; keep one of them."
          )
        }
        let experiment = try variation.experiment(with: changes, for: id)
        let group = name(combination.parts.filter { $0.change.key != "seed" }.map(\.name))
        runs.append(
          Run(
            id: id, group: group.isEmpty ? experiment.name : group,
            settings: changes.map { Setting(key: $0.key, value: Settings.line($0.value)) },
            experiment: experiment))
      }
    }
  }

  /// A key's path and what it is to be.
  struct Change {
    var key: String
    var value: Node
  }

  /// A variant or a sample, which the grid's combinations are put to.
  struct Start {
    var id: String
    var changes: [Change]
  }

  /// One value for each key of the grid, with what it is called.
  private struct Combination {
    var parts: [(name: String, change: Change)] = []
  }

  private static func variants(_ reader: MappingReader) throws(ExperimentError) -> [Start]? {
    guard let variants = try reader.pairs("variants", most: Int.max) else { return nil }
    guard !variants.isEmpty else {
      throw reader.error("variants", "has none; give some, or a grid.")
    }
    var found: [Start] = []
    for (name, node) in variants {
      guard Experiment.folderName(for: name) == name else {
        throw reader.error(
          "variants",
          "\(name.isEmpty ? "''" : ScalarText.shortened(name)) names a folder; use 1 to "
            + "\(Experiment.folderNameLimit) letters, digits and ._- alone.")
      }
      // A variant may change nothing.
      if ScalarText.isNull(node) {
        found.append(Start(id: name, changes: []))
        continue
      }
      guard case .mapping(let mapping) = node, mapping.count <= keyLimit else {
        throw reader.error(
          "variants",
          "\(name) must be a mapping of at most \(keyLimit) keys to values, not "
            + "\(ScalarText.shown(node)).")
      }
      found.append(
        Start(
          id: name,
          changes: mapping.map { Change(key: $0.key.scalar?.string ?? "", value: $0.value) }))
    }
    return found
  }

  /// Every combination of the grid's values.
  private static func combinations(
    _ reader: MappingReader, limit: Int
  ) throws(ExperimentError) -> [Combination] {
    var combinations = [Combination()]
    for (key, node) in try reader.pairs("grid", most: keyLimit) ?? [] {
      guard case .sequence(let values) = node else {
        throw reader.error(
          "grid",
          "\(ScalarText.shortened(key)) must be a list of values, not "
            + "\(ScalarText.shown(node)).")
      }
      guard !values.isEmpty else {
        throw reader.error(
          "grid", "\(ScalarText.shortened(key)) has no values; give at least one.")
      }
      guard combinations.count * values.count <= limit else {
        throw reader.error("grid", "has more than \(limit) combinations.")
      }
      combinations = combinations.flatMap { combination in
        values.enumerated().map { index, value in
          var longer = combination
          longer.parts.append(
            (Self.name(of: value, at: index, for: key), Change(key: key, value: value)))
          return longer
        }
      }
    }
    return combinations
  }

  /// `seed-1`, `learning_rate-0.1`; values that are no single word go by their number.
  private static func name(of value: Node, at index: Int, for key: String) -> String {
    let last = key.split(separator: ".").last.map(String.init) ?? key
    return Experiment.folderName(for: "\(last)-\(value.scalar?.string ?? "\(index + 1)")")
  }
}
