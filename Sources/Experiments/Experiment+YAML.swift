import Architecture
import Yams

extension Experiment {
  /// The most epochs.
  public static let epochLimit = 100_000
  /// Largest seed: every larger one would be negative to readers of signed numbers.
  public static let seedLimit: UInt64 = 1 << 63

  package static let keys = MappingReader.Keys(
    known: [
      "name", "description", "seed", "network", "data", "optimizer", "schedule", "loss",
      "checkpoint", "log", "epochs", "grow", "ema", "precision", "resolved",
    ])

  /// Reads the text of an `experiment.yaml`. Only `network` is required; `resolved`, which a run
  /// adds as a record, is skipped. `file` is for messages.
  ///
  /// - Throws: The first thing that is wrong, with its line. Values that are each sound but do not
  ///   go together are no error here; see `problems`.
  public init(yaml: String, file: String) throws(ExperimentError) {
    try self.init(YAMLDocument(yaml, file: file))
  }

  /// Reads the experiment in the file at `path`, or in the `experiment.yaml` of the folder there.
  public static func load(_ path: String) throws(ExperimentError) -> Experiment {
    let file = Folder.exists(path) ? "\(path)/experiment.yaml" : path
    return try Experiment(yaml: YAMLDocument.text(of: file), file: file)
  }

  init(_ document: YAMLDocument) throws(ExperimentError) {
    let reader = try MappingReader(
      document.root, path: "", file: document.file, keys: Self.keys)
    let name = try reader.text("name") ?? Self.name(of: document.file)
    guard let network = try reader.mapping("network", keys: NetworkSpec.keys) else {
      throw reader.error("network", "is missing; give a preset or the network's keys.")
    }
    self.init(
      name: name, description: try reader.text("description") ?? "",
      seed: try reader.integer("seed", in: 0...Self.seedLimit) ?? 0,
      network: try NetworkSpec(network, name: name, document: document))
    if let value = try reader.integer("epochs", in: 1...Self.epochLimit) { epochs = value }
    data = try DataOptions(reader)
    optimizer = try OptimizerOptions(reader)
    schedule = try ScheduleOptions(reader)
    loss = try LossOptions(reader)
    checkpoint = try CheckpointOptions(reader)
    log = try LogOptions(reader)
    grow = try ScheduledGrowth.list(reader)
    if reader.has("ema") {
      ema = try reader.number(
        "ema", wanted: "a number above 0 and below 1, or null", where: { $0 > 0 && $0 < 1 })
    }
    if let value = try reader.choice("precision", as: Precision.self) { precision = value }
  }

  /// What an experiment or network goes by that states no name: its file's, without `.yaml`, or for
  /// an `experiment.yaml` its folder's.
  static func name(of file: String) -> String {
    let (folder, name) = Folder.split(file)
    let ending = [".yaml", ".yml"].first { name.hasSuffix($0) && name.count > $0.count } ?? ""
    let base = String(name.dropLast(ending.count))
    guard base == "experiment" else { return base }
    let parent = Folder.split(folder).name
    return parent.isEmpty || parent == "." || parent == ".." ? base : parent
  }

  /// The experiment as YAML with every key, in a fixed order; reads back as an equal value.
  ///
  /// - Parameters:
  ///   - comment: Lines put before it, each behind `# `.
  ///   - resolved: What the run found out (versions, threads, …), kept under `resolved`.
  public func yaml(comment: [String] = [], resolved: [(key: String, value: String)] = []) -> String
  {
    var pairs = pairs
    if !resolved.isEmpty {
      pairs.append(("resolved", .block(resolved.map { ($0.key, .text($0.value)) })))
    }
    let header = comment.map { "# \(ScalarText.printable($0.unicodeScalars))\n" }.joined()
    do {
      return try header
        + serialize(
          node: .block(pairs), indent: 2, width: -1, allowUnicode: true)
    } catch {
      preconditionFailure("a tree of scalars is always YAML: \(error)")
    }
  }

  /// The keys and values of the whole experiment.
  var pairs: [(String, Node)] {
    [
      ("name", .text(name)), ("description", .text(description)), ("seed", .plain(seed)),
      ("network", network.node), ("data", data.node), ("optimizer", optimizer.node),
      ("schedule", schedule.node), ("loss", loss.node), ("checkpoint", checkpoint.node),
      ("log", log.node), ("epochs", .plain(epochs)), ("grow", .flow(grow.map(\.node))),
      ("ema", .number(ema)), ("precision", .plain(precision.rawValue)),
    ]
  }
}

extension DataOptions {
  fileprivate init(_ experiment: MappingReader) throws(ExperimentError) {
    self.init()
    let keys = MappingReader.Keys(
      known: ["set", "resize", "batch", "augment", "test_time_flip", "limit", "holdout"])
    guard let reader = try experiment.mapping("data", keys: keys) else { return }
    let images = 1...100_000_000
    if let value = try reader.choice("set", as: DataSetKind.self) { set = value }
    resize = try reader.integer("resize", in: 1...4096)
    if let value = try reader.integer("batch", in: 1...65_536) { batch = value }
    if let value = try reader.choices("augment", as: AugmentationKind.self) { augment = value }
    if let value = try reader.boolean("test_time_flip") { testTimeFlip = value }
    limit = try reader.integer("limit", in: images)
    holdout = try reader.integer("holdout", in: images)
  }

  fileprivate var node: Node {
    .flow([
      ("set", .plain(set.rawValue)), ("resize", .plain(resize)), ("batch", .plain(batch)),
      ("augment", .flow(augment.map { .plain($0.rawValue) })),
      ("test_time_flip", .plain(testTimeFlip)), ("limit", .plain(limit)),
      ("holdout", .plain(holdout)),
    ])
  }
}

extension OptimizerOptions {
  fileprivate init(_ experiment: MappingReader) throws(ExperimentError) {
    self.init()
    let keys = MappingReader.Keys(
      known: [
        "name", "learning_rate", "momentum", "weight_decay", "decay", "nesterov", "betas", "eps",
      ])
    guard let reader = try experiment.mapping("optimizer", keys: keys) else { return }
    if let value = try reader.choice("name", as: OptimizerKind.self) { name = value }
    if let value = try reader.number(
      "learning_rate", wanted: "a number above 0, at most 1000",
      where: { $0 > 0 && $0 <= Self.learningRateLimit })
    {
      learningRate = value
    }
    if let value = try reader.number(
      "momentum", wanted: "a number from 0 to below 1", where: { (0..<1).contains($0) })
    {
      momentum = value
    }
    if let value = try reader.number(
      "weight_decay", wanted: "a number from 0 to 1", where: { Self.weightDecays.contains($0) })
    {
      weightDecay = value
    }
    if let value = try reader.choice("decay", as: DecayedParameters.self) { decay = value }
    if let value = try reader.boolean("nesterov") { nesterov = value }
    if let value = try reader.numbers(
      "betas", count: 2, wanted: "two numbers from 0 to below 1", where: { (0..<1).contains($0) })
    {
      betas = value
    }
    if let value = try reader.number(
      "eps", wanted: "a number above 0 and below 1", where: { $0 > 0 && $0 < 1 })
    {
      eps = value
    }
  }

  fileprivate var node: Node {
    .flow(
      [("name", .plain(name.rawValue)), ("learning_rate", .number(learningRate))] + own + [
        ("weight_decay", .number(weightDecay)), ("decay", .plain(decay.rawValue)),
      ])
  }

  /// What the other optimizer has not; and what it has, where that was set all the same.
  private var own: [(String, Node)] {
    var settled = self
    settled.dropForeignOptions()
    let sgd: [(String, Node)] = [("momentum", .number(momentum)), ("nesterov", .plain(nesterov))]
    let adamW: [(String, Node)] = [
      ("betas", .flow(betas.map { .number($0) })), ("eps", .number(eps)),
    ]
    return if settled != self { sgd + adamW } else { name == .sgd ? sgd : adamW }
  }
}

extension ScheduleOptions {
  fileprivate init(_ experiment: MappingReader) throws(ExperimentError) {
    self.init()
    let keys = MappingReader.Keys(known: ["name", "warmup_epochs", "step_size", "gamma"])
    guard let reader = try experiment.mapping("schedule", keys: keys) else { return }
    if let value = try reader.choice("name", as: ScheduleKind.self) { name = value }
    if let value = try reader.integer("warmup_epochs", in: 0...100_000) { warmupEpochs = value }
    if let value = try reader.integer("step_size", in: 1...Experiment.epochLimit) {
      stepSize = value
    }
    if let value = try reader.number(
      "gamma", wanted: "a number above 0, at most 1", where: { $0 > 0 && $0 <= 1 })
    {
      gamma = value
    }
  }

  fileprivate var node: Node {
    .flow([
      ("name", .plain(name.rawValue)), ("warmup_epochs", .plain(warmupEpochs)),
      ("step_size", .plain(stepSize)), ("gamma", .number(gamma)),
    ])
  }
}

extension LossOptions {
  fileprivate init(_ experiment: MappingReader) throws(ExperimentError) {
    self.init()
    let keys = MappingReader.Keys(known: ["label_smoothing"])
    guard let reader = try experiment.mapping("loss", keys: keys) else { return }
    if let value = try reader.number(
      "label_smoothing", wanted: "a number from 0 to below 1", where: { (0..<1).contains($0) })
    {
      labelSmoothing = value
    }
  }

  fileprivate var node: Node { .flow([("label_smoothing", .number(labelSmoothing))]) }
}

extension CheckpointOptions {
  fileprivate init(_ experiment: MappingReader) throws(ExperimentError) {
    self.init()
    let keys = MappingReader.Keys(known: ["every_epochs", "every_steps", "keep"])
    guard let reader = try experiment.mapping("checkpoint", keys: keys) else { return }
    if reader.has("every_epochs") {
      everyEpochs = try reader.integer("every_epochs", in: 1...100_000)
    }
    everySteps = try reader.integer("every_steps", in: 1...1_000_000_000)
    if let value = try reader.integer("keep", in: 1...1000) { keep = value }
  }

  fileprivate var node: Node {
    .flow([
      ("every_epochs", .plain(everyEpochs)), ("every_steps", .plain(everySteps)),
      ("keep", .plain(keep)),
    ])
  }
}

extension LogOptions {
  fileprivate init(_ experiment: MappingReader) throws(ExperimentError) {
    self.init()
    let keys = MappingReader.Keys(known: ["every_steps", "layers_every_steps", "images"])
    guard let reader = try experiment.mapping("log", keys: keys) else { return }
    everySteps = try reader.integer("every_steps", in: 1...1_000_000_000) ?? everySteps
    if reader.has("layers_every_steps") {
      layersEverySteps = try reader.integer("layers_every_steps", in: 1...1_000_000_000)
    }
    images = try reader.integer("images", in: 0...Predictions.shownLimit) ?? images
  }

  fileprivate var node: Node {
    .flow([
      ("every_steps", .plain(everySteps)), ("layers_every_steps", .plain(layersEverySteps)),
      ("images", .plain(images)),
    ])
  }
}

extension ScheduledGrowth {
  fileprivate static func list(
    _ experiment: MappingReader
  ) throws(ExperimentError) -> [ScheduledGrowth] {
    let keys = MappingReader.Keys(known: ["epoch", "stage", "blocks"])
    var list: [ScheduledGrowth] = []
    for (index, item) in (try experiment.list("grow", most: countLimit) ?? []).enumerated() {
      let reader = try MappingReader(
        item, path: "grow[\(index)]", file: experiment.file, keys: keys)
      guard let epoch = try reader.integer("epoch", in: 1...Experiment.epochLimit) else {
        throw reader.error("epoch", "is missing; give the epoch after which the blocks come.")
      }
      guard let stage = try reader.integer("stage") else {
        throw reader.error("stage", "is missing; give the stage that grows, from 1.")
      }
      let blocks = try reader.integer("blocks", in: Growth.blockCounts) ?? 1
      list.append(
        ScheduledGrowth(epoch: epoch, growth: Growth(stage: stage, blocks: blocks)))
    }
    return list
  }

  fileprivate var node: Node {
    .flow([
      ("epoch", .plain(epoch)), ("stage", .plain(growth.stage)), ("blocks", .plain(growth.blocks)),
    ])
  }
}
