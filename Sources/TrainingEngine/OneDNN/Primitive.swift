import Architecture
import COneDNN

/// A compiled oneDNN operation. Its arguments are bound to memory once; running allocates nothing.
final class Primitive {
  typealias Role = rt_role
  typealias Pass = rt_pass

  private let context: Context
  let handle: OpaquePointer
  let operation: StepCall.Operation
  /// The weights' layout, as those of another convolution, if this one is forward and computes the
  /// gradient of the other's source.
  private let transposedWeights: Layout?

  private init(
    _ operation: StepCall.Operation, isTransposed: Bool = false, in context: Context,
    _ create: (UnsafeMutablePointer<OpaquePointer?>) -> rt_status
  ) throws(LibraryFailure) {
    var created: OpaquePointer?
    try LibraryFailure.check(create(&created), operation.description)
    self.context = context
    self.operation = operation
    handle = created!
    transposedWeights =
      isTransposed
      ? try rt_primitive_layout(handle, RT_WEIGHTS).map { handle throws(LibraryFailure) in
        try Layout(owning: handle).transposed()
      } : nil
  }

  deinit { rt_primitive_destroy(handle) }

  /// The layout that the primitive wants for an argument; nil where it has no such argument.
  func layout(_ role: Role) -> Layout? {
    if role == RT_WEIGHTS, let transposedWeights { return transposedWeights }
    return rt_primitive_layout(handle, own(role)).map { Layout(owning: $0) }
  }

  /// What oneDNN calls an argument.
  private func own(_ role: Role) -> Role {
    guard transposedWeights != nil else { return role }
    return switch role {
    case RT_DESTINATION_GRADIENT: RT_SOURCE
    case RT_SOURCE_GRADIENT: RT_DESTINATION
    default: role
    }
  }

  /// The name of the code that oneDNN chose, such as `jit:avx2`.
  var implementation: String { String(cString: rt_primitive_implementation(handle)) }

  func bind(_ role: Role, to memory: UnsafeMutableRawPointer) throws(LibraryFailure) {
    try LibraryFailure.check(rt_primitive_bind(handle, own(role), memory), operation.description)
  }

  func run() {
    let status = rt_primitive_run(handle)
    precondition(status == 0, "\(operation): \(String(cString: rt_status_text(status)))")
  }
}

// MARK: The operations

extension Primitive {
  /// - Parameter element: of activations and weights; gradients of parameters are float32.
  static func convolution(
    _ shape: rt_convolution, element: Element = .float32, _ pass: Pass, hint: Primitive? = nil,
    in context: Context
  ) throws(LibraryFailure) -> Primitive {
    try Primitive(.convolution(part(pass)), in: context) { created in
      withUnsafePointer(to: shape) {
        rt_convolution_create(context.handle, $0, element, pass, hint?.handle, created)
      }
    }
  }

  /// The gradient of the source of a 1×1 convolution of stride 1 without padding: the forward pass of
  /// the convolution with transposed weights, whose code is faster than that of the backward pass.
  static func transposedConvolution(
    _ shape: rt_convolution, element: Element = .float32, in context: Context
  ) throws(LibraryFailure) -> Primitive {
    precondition(shape.kernel == 1 && shape.stride == 1 && shape.groups == 1)
    var transposed = shape
    transposed.input_channels = shape.output_channels
    transposed.output_channels = shape.input_channels
    transposed.bias = false
    return try Primitive(.convolution(.backwardData), isTransposed: true, in: context) { created in
      withUnsafePointer(to: transposed) {
        rt_convolution_create(context.handle, $0, element, RT_FORWARD_TRAINING, nil, created)
      }
    }
  }

  static func averagePool(
    _ shape: rt_average_pool, _ layout: Layout, _ pass: Pass, hint: Primitive? = nil,
    in context: Context
  ) throws(LibraryFailure) -> Primitive {
    try Primitive(.pooling(part(pass)), in: context) { created in
      withUnsafePointer(to: shape) {
        rt_average_pool_create(context.handle, $0, layout.handle, pass, hint?.handle, created)
      }
    }
  }

  static func linear(
    _ shape: rt_linear, _ pass: Pass, hint: Primitive? = nil, in context: Context
  ) throws(LibraryFailure) -> Primitive {
    try Primitive(.linear(part(pass)), in: context) { created in
      withUnsafePointer(to: shape) {
        rt_linear_create(context.handle, $0, pass, hint?.handle, created)
      }
    }
  }

  static func reorder(
    from: Layout, to: Layout, in context: Context
  ) throws(LibraryFailure) -> Primitive {
    try Primitive(.reorder, in: context) { created in
      rt_reorder_create(context.handle, from.handle, to.handle, created)
    }
  }

  private static func part(_ pass: Pass) -> StepCall.Pass {
    switch pass {
    case RT_BACKWARD_DATA: .backwardData
    case RT_BACKWARD_WEIGHTS: .backwardWeights
    case RT_BACKWARD: .backward
    default: .forward
    }
  }
}
