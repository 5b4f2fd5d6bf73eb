import Architecture
import COneDNN

/// The network's persistent memory: parameters, their gradients and velocities in three blocks of
/// the same order, so that an optimizer step is one pass; and the running statistics.
///
/// A parameter lies in the layout that its forward primitive chose, and so do its gradient and its
/// velocity. Padding stays zero: its gradients are.
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
  }

  private let context: Context
  private(set) var slots: [Slot] = []
  private var indexByName: [String: Int] = [:]
  /// Bytes of each of the three blocks.
  private(set) var byteCount = 0
  private var memory: UnsafeMutableRawPointer?

  init(context: Context) { self.context = context }

  deinit { memory?.deallocate() }

  // MARK: Planning

  /// Reserves room for a parameter in `layout`. `dimensions` are the logical ones of `layout`: for
  /// grouped convolutions G×O/G×I/G×kH×kW, else the parameter's own.
  func reserve(
    _ parameter: ParameterPlan, layout: Layout, dimensions: [Int]
  ) throws(LibraryFailure) {
    precondition(memory == nil && indexByName[parameter.name] == nil)
    indexByName[parameter.name] = slots.count
    slots.append(
      Slot(
        name: parameter.name, shape: parameter.shape, rowMajor: try Layout(rowMajor: dimensions),
        layout: layout, offset: byteCount))
    byteCount += ArenaPlan.aligned(layout.byteCount)
  }

  func slot(_ name: String) -> Slot? { indexByName[name].map { slots[$0] } }

  // MARK: Memory

  /// What the three blocks hold.
  enum Block: Int {
    case value, gradient, velocity
  }

  /// Allocates the blocks and clears them.
  func allocate() {
    precondition(memory == nil)
    let total = max(1, 3 * byteCount)
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: total, alignment: ArenaPlan.alignment)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: total)
    self.memory = memory
  }

  func address(of slot: Slot, in block: Block) -> UnsafeMutableRawPointer {
    start(of: block) + slot.offset
  }

  private func start(of block: Block) -> UnsafeMutableRawPointer {
    memory! + block.rawValue * byteCount
  }

  /// One step of SGD on all parameters.
  func update(_ options: SGD) {
    func floats(_ block: Block) -> UnsafeMutablePointer<Float> {
      start(of: block).assumingMemoryBound(to: Float.self)
    }
    rt_sgd(
      floats(.value), floats(.gradient), floats(.velocity), byteCount / MemoryLayout<Float>.stride,
      options.kernelOptions)
  }

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
