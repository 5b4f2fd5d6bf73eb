import Architecture

/// A plan as a person would write it down: the stem, stages of blocks, the tail, and one class for
/// all blocks of one structure, whose constructor takes the numbers in which they differ.
struct NetworkOutline {
  typealias Slot = OutlineModule.Slot
  typealias Number = OutlineModule.Number

  /// Blocks with the same modules and wiring.
  struct BlockClass {
    /// `ProjectionBottleneck` and the like.
    var name: String
    /// The constructor's parameters, in order.
    var parameters: [String]
    var modules: [OutlineModule]
  }

  /// `count` equal blocks, one after the other.
  struct BlockRun {
    /// Index in `classes`.
    var ofClass: Int
    /// One number a parameter.
    var arguments: [Number]
    /// The first one's index in the stage.
    var first: Int
    var count: Int
  }

  struct Stage {
    /// `layer1` and so on.
    var name: String
    var runs: [BlockRun]
  }

  var stem: [OutlineModule]
  var classes: [BlockClass]
  var stages: [Stage]
  var tail: [OutlineModule]

  /// - Parameter ignored: numbers that the framework infers.
  init(_ plan: NetworkPlan, ignoring ignored: Set<Slot> = []) {
    let parts = Self.parts(of: plan)
    stem = parts.stem
    tail = parts.tail
    var groups: [(key: [OutlineModule], blocks: [Block])] = []
    for block in parts.blocks {
      let key = block.modules.map { module in
        var module = module
        module.terms = [:]
        return module
      }
      if let index = groups.firstIndex(where: { $0.key == key }) {
        groups[index].blocks.append(block)
      } else {
        groups.append((key, [block]))
      }
    }
    classes = []
    stages = []
    var uses: [String: (ofClass: Int, arguments: [Number])] = [:]
    for (index, group) in groups.enumerated() {
      var naming = BlockNaming(group.blocks, ignoring: ignored)
      let modules = naming.modules()
      let base = Self.className(of: modules)
      let clashes = classes.count { $0.name.hasPrefix(base) }
      classes.append(
        BlockClass(
          name: clashes == 0 ? base : "\(base)\(clashes + 1)",
          parameters: naming.parameters.map(\.name), modules: modules))
      for (place, block) in group.blocks.enumerated() {
        uses[block.name] = (index, naming.parameters.map { $0.values[place] })
      }
    }
    for block in parts.blocks {
      let use = uses[block.name]!
      let stage = String(block.name.prefix { $0 != "." })
      if stages.last?.name != stage { stages.append(Stage(name: stage, runs: [])) }
      let last = stages.count - 1
      if let run = stages[last].runs.last, run.ofClass == use.ofClass,
        run.arguments == use.arguments
      {
        stages[last].runs[stages[last].runs.count - 1].count += 1
      } else {
        let first = stages[last].runs.reduce(0) { $0 + $1.count }
        stages[last].runs.append(
          BlockRun(ofClass: use.ofClass, arguments: use.arguments, first: first, count: 1))
      }
    }
  }

  /// Every module once: stem, classes, tail.
  var modules: [OutlineModule] { stem + classes.flatMap(\.modules) + tail }

  // MARK: Parts

  /// A block of the plan with its numbers.
  struct Block {
    /// `layer1.0` and so on.
    var name: String
    var modules: [OutlineModule]
    var inputChannels: Int
    var outputChannels: Int
  }

  private static func parts(
    of plan: NetworkPlan
  ) -> (stem: [OutlineModule], blocks: [Block], tail: [OutlineModule]) {
    func channels(_ source: LayerPlan.Source) -> Int {
      switch source {
      case .image: plan.spec.input.channels
      case .layer(let index): plan.layers[index].output.channels
      }
    }
    /// The part that a row belongs to: `layer1.0`, or nothing.
    func block(_ row: LayerPlan) -> String {
      let parts = row.name.split(separator: ".", maxSplits: 2)
      return parts.count == 3 && parts[0].hasPrefix("layer") ? "\(parts[0]).\(parts[1])" : ""
    }
    var stem: [OutlineModule] = []
    var tail: [OutlineModule] = []
    var blocks: [Block] = []
    var start = 0
    while start < plan.layers.count {
      let name = block(plan.layers[start])
      let end = plan.layers[start...].firstIndex { block($0) != name } ?? plan.layers.count
      let rows = Array(plan.layers[start..<end])
      var modules = OutlineModule.modules(
        of: rows, from: start, droppingPrefix: name.isEmpty ? "" : "\(name).")
      for (index, row) in rows.enumerated() {
        guard case .identityPad(_, let before) = row.operation else { continue }
        modules[index].terms[.after] = .number(
          .integer(row.output.channels - before - channels(row.inputs[0])))
      }
      if !name.isEmpty {
        blocks.append(
          Block(
            name: name, modules: modules, inputChannels: channels(rows[0].inputs[0]),
            outputChannels: rows[rows.count - 1].output.channels))
      } else if blocks.isEmpty {
        stem += modules
      } else {
        tail += modules
      }
      start = end
    }
    return (stem, blocks, tail)
  }

  /// What the structure is called.
  private static func className(of modules: [OutlineModule]) -> String {
    if modules.contains(where: { $0.kind == .concatenation }) {
      return modules.first?.kind == .maxPool ? "PoolingInception" : "Inception"
    }
    let shortcut =
      if !modules.contains(where: { $0.kind == .add }) {
        "Plain"
      } else if modules.contains(where: { $0.kind == .identityPad }) {
        "Padding"
      } else if modules.contains(where: { $0.family == "downsample" }) {
        "Projection"
      } else {
        "Identity"
      }
    let depth = modules.count { $0.isConvolution && $0.family != "downsample" }
    return shortcut + (depth == 3 ? "Bottleneck" : "Block")
  }
}
