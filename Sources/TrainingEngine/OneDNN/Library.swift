import COneDNN

/// The oneDNN library that the program is linked against.
public enum Library {
  /// Such as `2.6.3`.
  public static var version: String {
    let version = rt_library_version()
    return "\(version.major).\(version.minor).\(version.patch)"
  }

  /// What its kernels use on this CPU, such as `AVX2`.
  public static var instructionSet: String { String(cString: rt_instruction_set()) }

  /// Whether its kernels multiply bfloat16 faster than float32 on this CPU: with AMX. Elsewhere
  /// products are of float32, and only memory is of bfloat16.
  public static var hasFastBFloat16: Bool { rt_has_fast_bfloat16() }

  /// How many channels its layouts keep together on this CPU: 16 with AVX-512, else 8.
  public static var channelBlock: Int { Int(rt_channel_block()) }
}

extension Library {
  /// What the project's own kernels use here for layouts of `block` channels, such as `avx2`.
  static func kernelInstructions(block: Int) -> String {
    String(cString: rt_kernel_instructions(Int64(block)))
  }
}

/// A failed call of the library, before it is known which layer it served.
struct LibraryFailure: Error {
  let operation: String
  let status: rt_status

  var reason: String { String(cString: rt_status_text(status)) }

  /// Throws unless `status` says success.
  static func check(_ status: rt_status, _ operation: String) throws(LibraryFailure) {
    guard status == 0 else { throw LibraryFailure(operation: operation, status: status) }
  }
}

/// A CPU engine and its stream. Used from one thread that never changes.
final class Context {
  let handle: OpaquePointer

  init(threads: Int) throws(LibraryFailure) {
    rt_set_threads(CInt(threads))
    var created: OpaquePointer?
    try LibraryFailure.check(rt_context_create(&created), "engine")
    handle = created!
  }

  deinit { rt_context_destroy(handle) }
}
