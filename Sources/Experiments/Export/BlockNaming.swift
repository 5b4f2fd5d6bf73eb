/// Finds the numbers in which the blocks of one class differ, and names them.
struct BlockNaming {
  typealias Slot = OutlineModule.Slot
  typealias Number = OutlineModule.Number

  /// A parameter of the constructor with its value in each block.
  struct Parameter {
    var name: String
    var values: [Number]
  }

  private let blocks: [NetworkOutline.Block]
  private let ignored: Set<Slot>
  private(set) var parameters: [Parameter] = []

  init(_ blocks: [NetworkOutline.Block], ignoring ignored: Set<Slot>) {
    self.blocks = blocks
    self.ignored = ignored
  }

  /// The modules of the class: literals where all blocks agree, else the names of `parameters`.
  mutating func modules() -> [OutlineModule] {
    var modules = blocks[0].modules
    for index in modules.indices {
      modules[index].terms = [:]
      for slot in Slot.allCases where !ignored.contains(slot) && slot != .sides {
        guard let (slot, values) = values(at: index, slot) else { continue }
        modules[index].terms[slot] =
          Set(values).count == 1
          ? .number(values[0]) : .name(name(slot, values, of: blocks[0].modules[index]))
      }
    }
    let order = ["inputs", "channels", "inner", "stride", "groups"]
    func rank(_ name: String) -> Int { order.firstIndex(of: name) ?? order.count }
    parameters = parameters.enumerated().sorted {
      (rank($0.element.name), $0.offset) < (rank($1.element.name), $1.offset)
    }.map(\.element)
    return modules
  }

  /// The numbers of the blocks; padding that is uneven in one of them is given by its sides in all.
  private func values(at index: Int, _ slot: Slot) -> (Slot, [Number])? {
    let values = blocks.compactMap { block -> Number? in
      let terms = block.modules[index].terms
      let term = terms[slot] ?? (slot == .padding ? terms[.sides] : nil)
      if case .number(let number) = term { return number }
      return nil
    }
    guard values.count == blocks.count else { return nil }
    let isUneven = values.contains { if case .sides = $0 { true } else { false } }
    return isUneven ? (.sides, values.map(\.asSides)) : (slot, values)
  }

  private mutating func name(
    _ slot: Slot, _ values: [Number], of module: OutlineModule
  ) -> String {
    let base = base(slot, values, of: module)
    for count in 1... {
      let name = count == 1 ? base : "\(base)\(count)"
      guard let known = parameters.first(where: { $0.name == name }) else {
        parameters.append(Parameter(name: name, values: values))
        return name
      }
      if known.values == values { return name }
    }
    return base
  }

  private func base(_ slot: Slot, _ values: [Number], of module: OutlineModule) -> String {
    switch slot {
    case .inputs, .outputs, .channels:
      if values == blocks.map({ .integer($0.outputChannels) }) { return "channels" }
      if values == blocks.map({ .integer($0.inputChannels) }) { return "inputs" }
      let producer = slot == .outputs ? module : convolution(before: module)
      guard let producer, producer.name.contains(".") else { return "inner" }
      return producer.parent.split(separator: ".").joined(separator: "_")
    case .kernel: return "kernel"
    case .stride: return "stride"
    case .groups: return "groups"
    case .padding, .sides: return "\(slot)"
    case .before, .after: return "zeros"
    case .eps: return "eps"
    case .momentum: return "momentum"
    }
  }

  /// The convolution whose channels `module` reads.
  private func convolution(before module: OutlineModule) -> OutlineModule? {
    var source = module.inputs[0]
    while case .module(let index) = source {
      let next = blocks[0].modules[index]
      if next.isConvolution { return next }
      source = next.inputs[0]
    }
    return nil
  }
}
