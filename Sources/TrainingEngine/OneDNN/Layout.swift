import COneDNN

/// How a tensor lies in memory: its logical dimensions and their order and blocking.
final class Layout: Equatable {
  let handle: OpaquePointer
  let element: Element
  /// The same arrangement of float32; nil where oneDNN chose the arrangement of bfloat16.
  let float32: Layout?

  /// Takes the handle over.
  init(owning handle: OpaquePointer, float32: Layout? = nil) {
    self.handle = handle
    element = rt_layout_element(handle)
    self.float32 = float32
  }

  private convenience init(
    _ dimensions: [Int], float32: Layout? = nil,
    _ create: ([Int64], UnsafeMutablePointer<OpaquePointer?>) -> rt_status
  ) throws(LibraryFailure) {
    var created: OpaquePointer?
    try LibraryFailure.check(
      create(dimensions.map(Int64.init), &created), "layout \(dimensions)")
    self.init(owning: created!, float32: float32)
  }

  /// Row-major float32, such as N×C×H×W.
  convenience init(rowMajor dimensions: [Int]) throws(LibraryFailure) {
    try self.init(dimensions) { rt_layout_create($0, CInt($0.count), .float32, $1) }
  }

  /// nChw{block}c, from N×C×H×W `dimensions`.
  convenience init(
    blockedActivations dimensions: [Int], block: Int, element: Element = .float32
  ) throws(LibraryFailure) {
    let float32 =
      element == .float32 ? nil : try Layout(blockedActivations: dimensions, block: block)
    try self.init(dimensions, float32: float32) {
      rt_layout_blocked_activations($0, Int64(block), element, $1)
    }
  }

  /// OIhw{block}i{block}o, from O×I×kH×kW `dimensions`.
  convenience init(blockedWeights dimensions: [Int], block: Int) throws(LibraryFailure) {
    try self.init(dimensions) { rt_layout_blocked_weights($0, Int64(block), $1) }
  }

  /// The part of `dimensions` elements from `offsets` on, in the memory of the whole.
  func crop(_ dimensions: [Int], from offsets: [Int]) throws(LibraryFailure) -> Layout {
    precondition(dimensions.count == offsets.count)
    return try Layout(dimensions) {
      rt_layout_crop(handle, $0, offsets.map(Int64.init), $1)
    }
  }

  /// The same memory with the first two of its four dimensions exchanged.
  func transposed() throws(LibraryFailure) -> Layout {
    var created: OpaquePointer?
    try LibraryFailure.check(rt_layout_transpose(handle, &created), "transposed layout")
    return Layout(owning: created!)
  }

  /// How tensors in `layouts`, joined along their channels to N×C×H×W `dimensions`, best lie.
  static func concatenated(
    _ layouts: [Layout], dimensions: [Int], in context: Context
  ) throws(LibraryFailure) -> Layout {
    var created: OpaquePointer?
    let handles: [OpaquePointer?] = layouts.map(\.handle)
    try LibraryFailure.check(
      rt_layout_concatenated(
        context.handle, handles, CInt(handles.count), dimensions.map(Int64.init), &created),
      "concatenation \(dimensions)")
    return Layout(owning: created!)
  }

  deinit { rt_layout_destroy(handle) }

  /// Bytes, padding included.
  var byteCount: Int { rt_layout_size(handle) }

  /// Numbers, padding included.
  var elementCount: Int { byteCount / element.byteCount }

  static func == (a: Layout, b: Layout) -> Bool {
    a === b || rt_layout_equal(a.handle, b.handle)
  }
}

extension Layout {
  /// The channels in a block of this layout of `dimensions` N×C×H×W, if it is nChw8c or nChw16c.
  func channelBlock(of dimensions: [Int]) throws(LibraryFailure) -> Int? {
    for block in [8, 16] {
      let blocked = try Layout(blockedActivations: dimensions, block: block, element: element)
      if self == blocked { return block }
    }
    return nil
  }
}
