public import Architecture
public import EventLog

/// What is different between networks, experiments or runs, and what it changed: only the settings,
/// layers and metrics that are not the same in all.
public struct Comparison: Sendable, Hashable {
  /// One of the things compared.
  public struct Subject: Sendable {
    public var name: String
    public var network: NetworkPlan
    /// nil for a network alone.
    public var experiment: Experiment?
    /// nil where nothing was trained.
    public var history: RunHistory?

    public init(
      name: String, network: NetworkPlan, experiment: Experiment? = nil,
      history: RunHistory? = nil
    ) {
      self.name = name
      self.network = network
      self.experiment = experiment
      self.history = history
    }

    fileprivate var spec: NetworkSpec { experiment?.network ?? network.spec }
  }

  /// A key, and its value in each subject; nil where one has none.
  public struct Row<Value: Sendable & Hashable>: Sendable, Hashable {
    public var key: String
    public var values: [Value?]
  }

  /// What a row of the layer table says.
  public struct Layer: Sendable, Hashable, Encodable {
    public var kind: String
    /// C×H×W, or the number of classes.
    public var output: [Int]
    public var kernel: Int?
    public var stride: Int?
    public var groups: Int?
    public var parameters: Int
    public var macs: Int
  }

  public var names: [String]
  /// By their YAML keys, such as `network.groups`.
  public var settings: [Row<String>]
  /// Costs of the network, then the run's numbers.
  public var metrics: [Row<Double>]
  public var layers: [Row<Layer>]

  /// - Parameter keepsCommon: what is the same in all has rows too.
  public init(_ subjects: [Subject], keepsCommon: Bool = false) {
    names = subjects.map(\.name)
    let isStemSpeltOut = subjects.contains { subject in
      if case .custom = subject.spec.stem { true } else { false }
    }
    settings = Self.rows(
      subjects.map { Self.settings(of: $0, spellsOutStem: isStemSpeltOut) },
      keepsCommon: keepsCommon)
    metrics = Self.rows(subjects.map(Self.metrics), keepsCommon: keepsCommon) {
      // What is not a number is like any other that is none.
      $0.isNaN ? AnyHashable("nan") : AnyHashable($0)
    }
    layers = Self.rows(
      subjects.map { $0.network.layers.map { ($0.name, Layer($0)) } }, keepsCommon: keepsCommon)
  }

  /// The keys of all columns, in the order in which they first occur; those whose values are all equal
  /// only on request.
  ///
  /// - Parameter identity: equal for values that count as equal.
  private static func rows<Value: Hashable>(
    _ columns: [[(key: String, value: Value)]], keepsCommon: Bool,
    identity: (Value) -> AnyHashable = { AnyHashable($0) }
  ) -> [Row<Value>] {
    let values = columns.map { Dictionary($0, uniquingKeysWith: { first, _ in first }) }
    var seen: Set<String> = []
    return columns.joined().compactMap { key, _ in
      guard seen.insert(key).inserted else { return nil }
      let row = Row(key: key, values: values.map { $0[key] })
      return keepsCommon || Set(row.values.map { $0.map(identity) }).count > 1 ? row : nil
    }
  }

  // MARK: What is compared

  /// - Parameter spellsOutStem: one that goes by its name gets the keys of one that is spelt out.
  private static func settings(
    of subject: Subject, spellsOutStem: Bool
  ) -> [(key: String, value: String)] {
    var spec = subject.spec
    if spellsOutStem, let stem = spec.stemConvolution { spec.stem = .custom(stem) }
    guard var experiment = subject.experiment else {
      return Settings.flattened(spec.node, at: "network")
    }
    experiment.network = spec
    return experiment.settings
  }

  private static func metrics(of subject: Subject) -> [(key: String, value: Double)] {
    let total = subject.network.total
    var found = [
      ("parameters", Double(total.parameters)), ("macs", Double(total.macs)),
      ("activations", Double(total.activations)),
    ]
    guard let history = subject.history else { return found }
    found.append(("steps", Double(history.lastStep)))
    func add(_ key: String, _ value: Double?) {
      if let value { found.append((key, value)) }
    }
    for split in ["val", "test"] {
      let (accuracy, loss) = (history.series("accuracy/\(split)"), history.series("loss/\(split)"))
      add("accuracy/\(split) best", accuracy?.maximum?.value)
      add("accuracy/\(split) last", accuracy?.latest?.value)
      add("loss/\(split) best", loss?.minimum?.value)
      add("loss/\(split) last", loss?.latest?.value)
    }
    add("loss/train last", history.series("loss/train")?.latest?.value)
    for tag in ["loss/train", "accuracy/train"] {
      add("\(tag) last epoch", history.lastEpochMean(of: tag))
    }
    if history.series("loss/train") != nil {
      let compute = subject.experiment.flatMap { TrainingCompute($0, history) }
      add("macs trained", compute?.macs(upTo: history.lastStep))
    }
    add("seconds", history.seconds)
    return found
  }
}

extension Comparison.Layer {
  init(_ layer: LayerPlan) {
    self.init(
      kind: layer.kind, output: layer.outputDimensions, kernel: layer.window?.kernel,
      stride: layer.window?.stride, groups: layer.groups, parameters: layer.parameterCount,
      macs: layer.macs)
  }
}
