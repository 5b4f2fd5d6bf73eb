import COneDNN

/// How a tensor lies in memory: its logical dimensions and their order and blocking.
final class Layout: Equatable {
  let handle: OpaquePointer

  /// Takes the handle over.
  init(owning handle: OpaquePointer) { self.handle = handle }

  /// Row-major float32, such as N×C×H×W.
  convenience init(rowMajor dimensions: [Int]) throws(LibraryFailure) {
    var created: OpaquePointer?
    let sizes = dimensions.map(Int64.init)
    try LibraryFailure.check(
      rt_layout_create(sizes, CInt(sizes.count), &created), "layout \(dimensions)")
    self.init(owning: created!)
  }

  /// nChw{block}c, from N×C×H×W `dimensions`.
  convenience init(blockedActivations dimensions: [Int], block: Int) throws(LibraryFailure) {
    var created: OpaquePointer?
    try LibraryFailure.check(
      rt_layout_blocked_activations(dimensions.map(Int64.init), Int64(block), &created),
      "layout \(dimensions)")
    self.init(owning: created!)
  }

  /// OIhw{block}i{block}o, from O×I×kH×kW `dimensions`.
  convenience init(blockedWeights dimensions: [Int], block: Int) throws(LibraryFailure) {
    var created: OpaquePointer?
    try LibraryFailure.check(
      rt_layout_blocked_weights(dimensions.map(Int64.init), Int64(block), &created),
      "layout \(dimensions)")
    self.init(owning: created!)
  }

  /// The part of `dimensions` elements from `offsets` on, in the memory of the whole.
  func crop(_ dimensions: [Int], from offsets: [Int]) throws(LibraryFailure) -> Layout {
    precondition(dimensions.count == offsets.count)
    var created: OpaquePointer?
    try LibraryFailure.check(
      rt_layout_crop(handle, dimensions.map(Int64.init), offsets.map(Int64.init), &created),
      "crop \(dimensions)")
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

  static func == (a: Layout, b: Layout) -> Bool {
    a === b || rt_layout_equal(a.handle, b.handle)
  }
}
