import Architecture
import COneDNN

/// Copies of tensors in other layouts and other numbers.
extension ProgramBuilder {
  /// `tensor` in `layout`: itself, or a reordered copy.
  func converted(_ tensor: Tensor, to layout: Layout) throws(LibraryFailure) -> Tensor {
    if tensor.layout == layout { return tensor }
    let isFloat32 = tensor.layout.element == .float32 && layout.element == .float32
    if isFloat32 || Library.hasFastBFloat16 {
      let copy = self.tensor(layout)
      try reorder(tensor, into: copy)
      return copy
    }
    // oneDNN may have no bfloat16 here.
    if tensor.layout.element == .bfloat16 {
      return try converted(widened(tensor), to: layout)
    }
    return narrowed(try converted(tensor, to: layout.float32!), to: layout)
  }

  /// What a row computed, as it is kept for the rows behind it: `shape` is of one image.
  func kept(_ tensor: Tensor, _ shape: ImageShape) throws(LibraryFailure) -> Tensor {
    if tensor.layout.element == precision.element { return tensor }
    return try converted(tensor, to: try blockedLayout(shape))
  }

  /// `tensor` as float32, for code that has no bfloat16: `shape` is of one image.
  func float32(_ tensor: Tensor, _ shape: ImageShape) throws(LibraryFailure) -> Tensor {
    if tensor.layout.element == .float32 { return tensor }
    return try converted(tensor, to: try blockedLayout(shape, element: .float32))
  }

  /// nChw{block}c of the batch, of `element` or of what activations are kept as.
  func blockedLayout(
    _ shape: ImageShape, element: Element? = nil
  ) throws(LibraryFailure) -> Layout {
    try Layout(
      blockedActivations: [batch] + shape.dimensions, block: Library.channelBlock,
      element: element ?? precision.element)
  }

  /// The bfloat16 nearest to each number, as float32; in the same memory if nothing else reads that.
  func rounded(_ tensor: Tensor, isOwned: Bool) -> Tensor {
    written(tensor, into: isOwned ? tensor : self.tensor(like: tensor), "round", by: rt_round)
  }

  private func narrowed(_ tensor: Tensor, to layout: Layout) -> Tensor {
    written(tensor, into: self.tensor(layout), "narrow", by: rt_narrow)
  }

  private func widened(_ tensor: Tensor) -> Tensor {
    written(tensor, into: self.tensor(tensor.layout.float32!), "widen", by: rt_widen)
  }

  /// `result`, which `copy` writes number by number from `tensor`.
  private func written<From, To>(
    _ tensor: Tensor, into result: Tensor, _ name: String,
    by copy: @escaping (UnsafePointer<From>?, UnsafeMutablePointer<To>?, Int) -> Void
  ) -> Tensor {
    let count = result.layout.elementCount
    kernel(.reorder, [tensor.buffer, result.buffer], implementation: name) { addresses in
      let from = UnsafePointer(addresses[0].assumingMemoryBound(to: From.self))
      let to = addresses[1].assumingMemoryBound(to: To.self)
      return { copy(from, to, count) }
    }
    return result
  }

  func reorder(_ source: Tensor, into destination: Tensor) throws(LibraryFailure) {
    let primitive = try Primitive.reorder(
      from: source.layout, to: destination.layout, in: context)
    run(primitive, [RT_SOURCE: source.buffer, RT_DESTINATION: destination.buffer])
  }
}
