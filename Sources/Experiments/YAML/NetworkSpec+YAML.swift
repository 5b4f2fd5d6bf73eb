public import Architecture
import Yams

extension NetworkSpec {
  package static let keys = MappingReader.Keys(
    known: [
      "preset", "regnet", "input", "classes", "stem", "block", "stages", "expansion",
    ] + Grouping.keys + [
      "pre_activation", "shortcut", "stride_at", "zero_init_residual", "conv_bias",
      "shortcut_norm", "padding", "head", "init", "batch_norm",
    ])

  /// Reads a `network` mapping. `name` is that of a network without a preset; `document` knows the
  /// lines of what validation finds; `images` has the input and the classes where none are given.
  init(
    _ reader: MappingReader, name: String, document: YAMLDocument, images: NetworkSpec? = nil
  ) throws(ExperimentError) {
    if let preset = try reader.text("preset") {
      guard let spec = Preset.named(preset)?.spec else {
        let reason = Preset.unknown(preset)
        throw reader.error("preset", reason)
      }
      guard !reader.hasValue("regnet") else {
        throw reader.error("regnet", "is a network of its own; give it or a preset, not both.")
      }
      self = images.map(spec.forImages) ?? spec
    } else if let rule = try RegNetRule(reader) {
      self = try Self.required(reader, name: name, rule: rule, images: images)
    } else {
      self = try Self.required(reader, name: name, images: images)
    }
    try override(by: reader)
    if let problem = problems().first {
      let path = reader.keyPath(problem.key)
      throw ExperimentError(
        file: document.file, line: document.line(of: path), key: path, reason: problem.reason)
    }
  }

  /// A spec of the keys that have no default.
  private static func required(
    _ reader: MappingReader, name: String, images: NetworkSpec?
  ) throws(ExperimentError) -> NetworkSpec {
    let (input, classes) = try self.images(reader, else: images)
    guard let block = try reader.choice("block", as: BlockKind.self) else {
      throw missing(reader, "block")
    }
    guard reader.hasValue("stages") else { throw missing(reader, "stages") }
    return NetworkSpec(name: name, input: input, classes: classes, block: block, stages: [])
  }

  /// What the rule leaves open; it has no default either.
  private static func required(
    _ reader: MappingReader, name: String, rule: RegNetRule, images: NetworkSpec?
  ) throws(ExperimentError) -> NetworkSpec {
    for key in ["stages", "block", "expansion"] + Grouping.keys where reader.hasValue(key) {
      throw reader.error(key, "follows from the regnet rule; leave one of the two out.")
    }
    let (input, classes) = try self.images(reader, else: images)
    return NetworkSpec(name: name, input: input, classes: classes, rule: rule)
  }

  private static func images(
    _ reader: MappingReader, else images: NetworkSpec?
  ) throws(ExperimentError) -> (input: ImageShape, classes: Int) {
    guard let input = try shape(reader) ?? images?.input else { throw missing(reader, "input") }
    guard let classes = try reader.integer("classes") ?? images?.classes else {
      throw missing(reader, "classes")
    }
    return (input, classes)
  }

  private static func missing(_ reader: MappingReader, _ key: String) -> ExperimentError {
    reader.error(key, "is missing; give it, or a preset that has it.")
  }

  private mutating func override(by reader: MappingReader) throws(ExperimentError) {
    if let value = try Self.shape(reader) { input = value }
    if let value = try reader.integer("classes") { classes = value }
    if let value = try Self.stem(reader) { stem = value }
    if let value = try reader.choice("block", as: BlockKind.self) { block = value }
    if let value = try reader.integer("expansion") { expansion = value }
    if let value = try Grouping(reader, over: grouping, expansion: expansion) { grouping = value }
    if let value = try reader.boolean("pre_activation") { preActivation = value }
    if let value = try reader.choice("shortcut", as: ShortcutKind.self) { shortcut = value }
    if let value = try reader.choice("stride_at", as: StridePlacement.self) { strideAt = value }
    if let value = try reader.boolean("zero_init_residual") { zeroInitResidual = value }
    if let value = try reader.boolean("conv_bias") { convBias = value }
    if let value = try reader.boolean("shortcut_norm") { shortcutNorm = value }
    if let value = try reader.choice("padding", as: PaddingRule.self) { padding = value }
    if let value = try reader.choice("head", as: Head.self) { head = value }
    if let value = try reader.choice("init", as: WeightInitialization.self) {
      initialization = value
    }
    // A stage's own groups start from the network's.
    if let value = try Self.stages(reader, grouping: grouping, expansion: expansion) {
      stages = value
    }
    let keys = MappingReader.Keys(known: ["eps", "momentum"])
    if let norm = try reader.mapping("batch_norm", keys: keys) {
      if let value = try norm.number("eps") { batchNorm.eps = value }
      if let value = try norm.number("momentum") { batchNorm.momentum = value }
    }
  }

  private static func shape(_ reader: MappingReader) throws(ExperimentError) -> ImageShape? {
    guard let items = try reader.list("input", most: 3) else { return nil }
    let sizes = items.compactMap { ScalarText.integer($0, as: Int.self) }
    guard items.count == 3, sizes.count == 3 else {
      throw reader.error(
        "input", "must be three whole numbers: [channels, height, width], such as [1, 28, 28].")
    }
    return ImageShape(channels: sizes[0], height: sizes[1], width: sizes[2])
  }

  private static func stem(_ reader: MappingReader) throws(ExperimentError) -> Stem? {
    guard let node = reader.node("stem") else { return nil }
    switch node.scalar?.string {
    case "imagenet": return .imagenet
    case "cifar": return .cifar
    case "none": return Stem.none
    case .some:
      throw reader.error(
        "stem",
        "must be imagenet, cifar, none or {kernel, stride, channels, pool}, "
          + "not \(ScalarText.shown(node)).")
    case nil: break
    }
    let keys = MappingReader.Keys(known: ["kernel", "stride", "channels", "pool"])
    let stem = try MappingReader(
      node, path: reader.keyPath("stem"), file: reader.file, keys: keys)
    guard let kernel = try stem.integer("kernel") else {
      throw stem.error("kernel", "is missing; give the side of the stem's convolution.")
    }
    guard let channels = try stem.integer("channels") else {
      throw stem.error("channels", "is missing; give the stem's output channels.")
    }
    return .custom(
      StemConvolution(
        kernel: kernel, stride: try stem.integer("stride") ?? 1, channels: channels,
        pool: try stem.boolean("pool") ?? false))
  }

  private static func stages(
    _ reader: MappingReader, grouping: Grouping, expansion: Int
  ) throws(ExperimentError) -> [Stage]? {
    guard let items = try reader.list("stages", most: 64) else { return nil }
    var stages: [Stage] = []
    for (index, item) in items.enumerated() {
      let keys = MappingReader.Keys(known: ["blocks", "channels", "stride"] + Grouping.keys)
      let stage = try MappingReader(
        item, path: "\(reader.keyPath("stages"))[\(index)]", file: reader.file, keys: keys)
      guard let blocks = try stage.integer("blocks") else {
        throw stage.error("blocks", "is missing; give the number of blocks.")
      }
      guard let channels = try stage.integer("channels") else {
        throw stage.error("channels", "is missing; give the stage's width.")
      }
      stages.append(
        Stage(
          blocks: blocks, channels: channels,
          stride: try stage.integer("stride") ?? Stage.defaultStride(at: index),
          grouping: try Grouping(stage, over: grouping, expansion: expansion)))
    }
    return stages
  }

  // MARK: Writing

  /// The mapping that reads back as this spec, with every key.
  var node: Node {
    .block((Preset.named(name) == nil ? [] : [("preset", .text(name))]) + entries.flatMap { $0 })
  }

  /// The spec as one line of YAML, to be shared and given wherever a SPEC is asked for: the preset,
  /// and what differs from it; without a preset, what differs from the defaults. A name that is no
  /// preset's is not part of it.
  public var line: String {
    var pairs: [(String, Node)] = []
    let base: NetworkSpec
    if let preset = Preset.named(name)?.spec {
      base = preset
      pairs.append(("preset", .text(name)))
    } else {
      // What has no default differs from any.
      base = NetworkSpec(
        name: "", input: ImageShape(channels: 0, height: 0, width: 0), classes: 0,
        block: block == .basic ? .bottleneck : .basic, stages: [])
    }
    for (own, other) in zip(entries, base.entries)
    where !own.elementsEqual(other, by: { $0 == $1 }) { pairs += own }
    do {
      let text = try serialize(node: .flow(pairs), width: -1, allowUnicode: true)
      return String(text.prefix { $0 != "\n" })
    } catch {
      preconditionFailure("a tree of scalars is always YAML: \(error)")
    }
  }

  /// The keys with their values in a fixed order; those that only mean something together stand
  /// together.
  private var entries: [[(String, Node)]] {
    [
      [("input", .flow(input.dimensions.map { .plain($0) }))],
      [("classes", .plain(classes))],
      [("stem", stem.node)],
      [("block", .plain(block.rawValue))],
      [("stages", .block(stages.map(\.node)))],
      [("expansion", .plain(expansion))],
      grouping.pairs,
      [("pre_activation", .plain(preActivation))],
      [("shortcut", .plain(shortcut.rawValue))],
      [("stride_at", .plain(strideAt.rawValue))],
      [("zero_init_residual", .plain(zeroInitResidual))],
      [("conv_bias", .plain(convBias))],
      [("shortcut_norm", .plain(shortcutNorm))],
      [("padding", .plain(padding.rawValue))],
      [("head", .plain(head.rawValue))],
      [("init", .plain(initialization.rawValue))],
      [
        (
          "batch_norm",
          .flow([("eps", .number(batchNorm.eps)), ("momentum", .number(batchNorm.momentum))])
        )
      ],
    ]
  }
}

extension Stem {
  fileprivate var node: Node {
    switch self {
    case .imagenet: .plain("imagenet")
    case .cifar: .plain("cifar")
    case .none: .plain("none")
    case .custom(let convolution):
      .flow([
        ("kernel", .plain(convolution.kernel)), ("stride", .plain(convolution.stride)),
        ("channels", .plain(convolution.channels)), ("pool", .plain(convolution.pool)),
      ])
    }
  }
}

extension Stage {
  fileprivate var node: Node {
    .flow(
      [
        ("blocks", .plain(blocks)), ("channels", .plain(channels)), ("stride", .plain(stride)),
      ] + (grouping?.pairs ?? []))
  }
}

extension Preset {
  /// Why `name` names no preset.
  static func unknown(_ name: String) -> String {
    let names = all.map(\.name)
    let shown = ScalarText.shortened(name)
    if let near = NearestName.suggestion(for: name, among: names) {
      return "\(shown) is not a preset; did you mean \(near)?"
    }
    return "\(shown) is not a preset; resnet-tui summary --list shows them."
  }
}
