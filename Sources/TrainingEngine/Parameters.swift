import Architecture
import COneDNN

/// The network's parameters, their gradients and what the optimizer keeps for each, in blocks of the
/// same order, so that an optimizer step is one pass.
///
/// A parameter lies in the layout that its forward pass chose, and so does all that belongs to it.
/// Padding stays zero: its gradients are.
final class Parameters {
  /// Where one tensor stands.
  struct Slot {
    let name: String
    /// Logical dimensions as state_dict gives them.
    let shape: [Int]
    /// Row-major counterpart of `layout`, with groups as an own dimension where `layout` has them.
    let rowMajor: Layout
    let layout: Layout
    /// Bytes from the start of each block.
    let offset: Int
    /// The update after which the optimizer began with it: Adam's moments begin there.
    var birth = 0
    /// Whether it multiplies activations: no bias, and no scale of a norm.
    var isWeight: Bool { shape.count > 1 }
  }

  private let context: Context
  private(set) var slots: [Slot] = []
  private var indexByName: [String: Int] = [:]
  /// Bytes of each block.
  private(set) var byteCount = 0
  private var memory: [Block: UnsafeMutableRawPointer] = [:]

  init(context: Context) { self.context = context }

  deinit { for memory in memory.values { memory.deallocate() } }

  // MARK: Planning

  /// Reserves room for a parameter in `layout`. `dimensions` are the logical ones of `layout`: for
  /// grouped convolutions G×O/G×I/G×kH×kW, else the parameter's own.
  func reserve(
    _ parameter: ParameterPlan, layout: Layout, dimensions: [Int]
  ) throws(LibraryFailure) {
    precondition(memory.isEmpty && indexByName[parameter.name] == nil)
    indexByName[parameter.name] = slots.count
    slots.append(
      Slot(
        name: parameter.name, shape: parameter.shape, rowMajor: try Layout(rowMajor: dimensions),
        layout: layout, offset: byteCount))
    byteCount += ArenaPlan.aligned(layout.byteCount)
  }

  func slot(_ name: String) -> Slot? { indexByName[name].map { slots[$0] } }

  func setBirth(_ step: Int, of name: String) {
    if let index = indexByName[name] { slots[index].birth = step }
  }

  // MARK: Memory

  /// What a block holds.
  enum Block {
    case value, gradient
    /// SGD's velocity, Adam's mean of the gradient.
    case momentum
    /// Adam's mean of the gradient's square.
    case square
    /// The moving average of the values.
    case average
  }

  /// Allocates `blocks` and clears them.
  func allocate(_ blocks: [Block]) {
    precondition(memory.isEmpty)
    for block in blocks {
      let start = UnsafeMutableRawPointer.allocate(
        byteCount: max(1, byteCount), alignment: ArenaPlan.alignment)
      start.initializeMemory(as: UInt8.self, repeating: 0, count: max(1, byteCount))
      memory[block] = start
    }
  }

  func address(of slot: Slot, in block: Block) -> UnsafeMutableRawPointer {
    start(of: block) + slot.offset
  }

  /// Where the memory of a block begins.
  func start(of block: Block) -> UnsafeMutableRawPointer { memory[block]! }

  private func floats(_ block: Block) -> UnsafeMutablePointer<Float> {
    start(of: block).assumingMemoryBound(to: Float.self)
  }

  private var floatCount: Int { byteCount / MemoryLayout<Float>.stride }

  // MARK: Updates

  /// Parameters that are updated in the same way and stand side by side.
  private struct Segment {
    /// In floats from the start of a block.
    var start: Int
    var count: Int
    var decays: Bool
    var birth: Int
  }

  private func segments(decaysWeightsOnly: Bool) -> [Segment] {
    var segments: [Segment] = []
    for (index, slot) in slots.enumerated() {
      let start = slot.offset / MemoryLayout<Float>.stride
      let end =
        index + 1 < slots.count
        ? slots[index + 1].offset / MemoryLayout<Float>.stride : floatCount
      let decays = !decaysWeightsOnly || slot.isWeight
      if let last = segments.last, last.decays == decays, last.birth == slot.birth {
        segments[segments.count - 1].count = end - last.start
      } else {
        segments.append(
          Segment(start: start, count: end - start, decays: decays, birth: slot.birth))
      }
    }
    return segments
  }

  /// One step of SGD on all parameters.
  func update(_ sgd: SGD) {
    for segment in segments(decaysWeightsOnly: sgd.decaysWeightsOnly) {
      rt_sgd(
        floats(.value) + segment.start, floats(.gradient) + segment.start,
        floats(.momentum) + segment.start, segment.count,
        sgd.kernelOptions(decays: segment.decays))
    }
  }

  /// One step of AdamW on all parameters.
  func update(_ adamW: AdamW) {
    for segment in segments(decaysWeightsOnly: adamW.decaysWeightsOnly) {
      rt_adamw(
        floats(.value) + segment.start, floats(.gradient) + segment.start,
        floats(.momentum) + segment.start, floats(.square) + segment.start, segment.count,
        adamW.kernelOptions(decays: segment.decays, birth: segment.birth))
    }
  }

  /// Moves the average towards the values, by `weight` of the way.
  func average(weight: Double) {
    rt_average(floats(.average), floats(.value), floatCount, Float(weight))
  }

  /// Exchanges the values and their average.
  func swapAverage() { rt_swap(floats(.value), floats(.average), floatCount) }

  // MARK: Row-major copies

  /// The tensor's elements in row-major order.
  func read(_ slot: Slot, from block: Block) throws(LibraryFailure) -> [Float] {
    let copy = try Primitive.reorder(from: slot.layout, to: slot.rowMajor, in: context)
    var failure: LibraryFailure?
    let count = slot.shape.reduce(1, *)
    let values = [Float](unsafeUninitializedCapacity: count) { values, initialized in
      do throws(LibraryFailure) {
        try copy.bind(RT_SOURCE, to: address(of: slot, in: block))
        try copy.bind(RT_DESTINATION, to: UnsafeMutableRawPointer(values.baseAddress!))
        copy.run()
        initialized = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return values
  }

  /// Sets the tensor from elements in row-major order.
  func write(_ values: [Float], to slot: Slot, in block: Block) throws(LibraryFailure) {
    precondition(values.count == slot.shape.reduce(1, *))
    let copy = try Primitive.reorder(from: slot.rowMajor, to: slot.layout, in: context)
    var values = values
    var failure: LibraryFailure?
    values.withUnsafeMutableBytes { bytes in
      do throws(LibraryFailure) {
        try copy.bind(RT_SOURCE, to: bytes.baseAddress!)
        try copy.bind(RT_DESTINATION, to: address(of: slot, in: block))
        copy.run()
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }
}
