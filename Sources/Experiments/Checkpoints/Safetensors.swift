/// Named tensors as a `.safetensors` file holds them.
///
/// The file: eight bytes with the header's length (little-endian), a JSON header padded with spaces
/// to a multiple of eight, the tensors' bytes without gaps (huggingface/safetensors, "Format"). Its
/// bytes depend on the content alone.
public struct Safetensors: Hashable, Sendable {
  public enum ElementType: String, Hashable, Sendable {
    case float32 = "F32"
    case int64 = "I64"

    var byteCount: Int { self == .float32 ? 4 : 8 }
  }

  /// A row-major tensor.
  public struct Tensor: Hashable, Sendable {
    public let elementType: ElementType
    public let shape: [Int]
    /// Little-endian elements.
    public let bytes: [UInt8]

    /// - Precondition: `bytes` has the length that the shape asks for.
    public init(elementType: ElementType, shape: [Int], bytes: [UInt8]) {
      precondition(bytes.count == shape.reduce(elementType.byteCount, *))
      self.elementType = elementType
      self.shape = shape
      self.bytes = bytes
    }

    /// - Precondition: As many values as the shape asks for.
    public init(floats: [Float], shape: [Int]) {
      let bytes = floats.withUnsafeBytes { Array($0) }
      self.init(elementType: .float32, shape: shape, bytes: bytes)
    }

    /// - Precondition: As many values as the shape asks for.
    public init(integers: [Int64], shape: [Int]) {
      let bytes = integers.withUnsafeBytes { Array($0) }
      self.init(elementType: .int64, shape: shape, bytes: bytes)
    }

    /// The elements; nil for another type.
    public var floats: [Float]? { elementType == .float32 ? elements() : nil }

    /// The elements; nil for another type.
    public var integers: [Int64]? { elementType == .int64 ? elements() : nil }

    private func elements<Element: BitwiseCopyable>() -> [Element] {
      let count = bytes.count / MemoryLayout<Element>.size
      return [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
        UnsafeMutableRawBufferPointer(buffer).copyBytes(from: bytes)
        initialized = count
      }
    }
  }

  /// Free text under `__metadata__`.
  public var metadata: [String: String]
  private var tensors: [String: Tensor]

  public init(_ tensors: [String: Tensor] = [:], metadata: [String: String] = ["format": "pt"]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// In byte order.
  public var names: [String] {
    tensors.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  public subscript(name: String) -> Tensor? {
    get { tensors[name] }
    set { tensors[name] = newValue }
  }
}
