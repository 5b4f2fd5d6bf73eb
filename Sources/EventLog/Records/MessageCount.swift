/// How many messages and pieces of bytes the protobuf library would make of a record, told without
/// making them: two bytes may become a value of two hundred.
struct MessageCount {
  /// Most of an event; no event of a dashboard comes near it.
  static let limit = 1 << 16
  /// Records of no more bytes than this need not be counted.
  static let harmless = 1 << 18

  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  private var count = 0

  /// Whether the event in `bytes` stays within the limit.
  static func isHarmless(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count > harmless else { return true }
    var counter = MessageCount(bytes: bytes)
    counter.enter(.event, to: bytes.count)
    return counter.count <= limit
  }

  private init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// The messages that hold others.
  private enum Kind {
    case event, summary, value, tensor, shape, leaf

    /// What a field of bytes holds; nil where the library does not take it apart.
    func kind(of field: UInt64) -> Kind? {
      switch (self, field) {
      case (.event, 5): .summary
      case (.summary, 1): .value
      case (.value, 8): .tensor
      case (.tensor, 2): .shape
      case (.tensor, 8), (.shape, 2): .leaf
      default: nil
      }
    }
  }

  /// Counts what stands in a message, up to the limit.
  private mutating func enter(_ kind: Kind, to end: Int) {
    while position < end, count <= Self.limit {
      guard let key = varint(to: end) else { break }
      switch key & 7 {
      case 0: _ = varint(to: end)
      case 1: position += 8
      case 2:
        guard let length = varint(to: end), length <= UInt64(end - position) else { break }
        let fieldEnd = position + Int(length)
        if let inner = kind.kind(of: key >> 3) {
          count += 1
          enter(inner, to: fieldEnd)
        }
        position = fieldEnd
      case 5: position += 4
      // The ends of groups: what they hold is counted as if it stood outside.
      default: break
      }
    }
  }

  private mutating func varint(to end: Int) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard position < end else { return nil }
      defer { position += 1 }
      value |= UInt64(bytes[position] & 0x7F) << shift
      if bytes[position] < 0x80 { return value }
    }
    return nil
  }
}
