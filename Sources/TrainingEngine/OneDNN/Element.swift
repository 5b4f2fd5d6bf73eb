import Architecture
import COneDNN

/// How a number of a tensor lies in memory.
typealias Element = rt_element

extension Element {
  static let float32 = RT_FLOAT32
  static let bfloat16 = RT_BFLOAT16

  var byteCount: Int { self == .bfloat16 ? 2 : 4 }
}

extension Precision {
  /// Of activations and their gradients.
  var element: Element { self == .bf16 ? .bfloat16 : .float32 }
}
