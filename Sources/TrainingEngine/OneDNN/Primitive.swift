import Architecture
import COneDNN

/// A compiled oneDNN operation. Its arguments are bound to memory once; running allocates nothing.
final class Primitive {
  typealias Role = rt_role
  typealias Pass = rt_pass

  private let context: Context
  let handle: OpaquePointer
  let operation: StepCall.Operation

  private init(
    _ operation: StepCall.Operation, in context: Context,
    _ create: (UnsafeMutablePointer<OpaquePointer?>) -> rt_status
  ) throws(LibraryFailure) {
    var created: OpaquePointer?
    try LibraryFailure.check(create(&created), operation.description)
    self.context = context
    self.operation = operation
    handle = created!
  }

  deinit { rt_primitive_destroy(handle) }

  /// The layout that the primitive wants for an argument; nil where it has no such argument.
  func layout(_ role: Role) -> Layout? {
    rt_primitive_layout(handle, role).map { Layout(owning: $0) }
  }

  /// The name of the code that oneDNN chose, such as `jit:avx2`.
  var implementation: String { String(cString: rt_primitive_implementation(handle)) }

  func bind(_ role: Role, to memory: UnsafeMutableRawPointer) throws(LibraryFailure) {
    try LibraryFailure.check(rt_primitive_bind(handle, role, memory), operation.description)
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
