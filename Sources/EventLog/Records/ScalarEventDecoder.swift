/// Decodes the events that a log is full of, those of nothing but simple scalars, without building
/// messages. Anything else, and anything malformed, is left to the protobuf library.
package struct ScalarEventDecoder {
  private var bytes: UnsafeRawBufferPointer
  private var position = 0

  /// The event in `bytes`; nil unless each of its values is a tag with a simple value.
  package static func decode(_ bytes: UnsafeRawBufferPointer) -> LogEvent? {
    var decoder = ScalarEventDecoder(bytes: bytes)
    return decoder.event()
  }

  private init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// A field's number and wire type, as one byte holds them: number × 8 + type.
  private enum Field {
    static let wallTime = UInt8(1 << 3 | 1)
    static let step = UInt8(2 << 3 | 0)
    static let summary = UInt8(5 << 3 | 2)
    static let value = UInt8(1 << 3 | 2)
    static let tag = UInt8(1 << 3 | 2)
    static let simpleValue = UInt8(2 << 3 | 5)
  }

  private mutating func event() -> LogEvent? {
    var (wallTime, step) = (0.0, 0)
    var scalars: [LogValue]?
    while position < bytes.count {
      switch byte() {
      case Field.wallTime:
        guard let bits: UInt64 = fixed() else { return nil }
        wallTime = Double(bitPattern: bits)
      case Field.step:
        guard let value = varint() else { return nil }
        step = Int(bitPattern: UInt(value))
      // Messages that occur twice are merged: rare enough for the library.
      case Field.summary where scalars == nil:
        guard let end = enter(), let values = values(to: end) else { return nil }
        scalars = values
      default:
        return nil
      }
    }
    return scalars.map { LogEvent(wallTime: wallTime, step: step, values: $0) }
  }

  private mutating func values(to end: Int) -> [LogValue]? {
    var values: [LogValue] = []
    while position < end {
      guard byte() == Field.value, let valueEnd = enter(), valueEnd <= end,
        let value = value(to: valueEnd)
      else { return nil }
      values.append(value)
    }
    return values
  }

  private mutating func value(to end: Int) -> LogValue? {
    var tag: String?
    var number: Float?
    while position < end {
      switch byte() {
      case Field.tag:
        guard let tagEnd = enter(), tagEnd <= end else { return nil }
        let text = UnsafeBufferPointer(
          rebasing: bytes.bindMemory(to: UInt8.self)[position..<tagEnd])
        // Validating takes several times as long as decoding, and most tags are ASCII.
        tag =
          text.allSatisfy { $0 < 0x80 }
          ? String(decoding: text, as: UTF8.self) : String(validating: text, as: UTF8.self)
        position = tagEnd
        if tag == nil { return nil }
      case Field.simpleValue:
        guard position + 4 <= end, let bits: UInt32 = fixed() else { return nil }
        number = Float(bitPattern: bits)
      default:
        return nil
      }
    }
    guard let tag, let number else { return nil }
    return .scalar(tag: tag, value: number)
  }

  private mutating func byte() -> UInt8 {
    defer { position += 1 }
    return bytes[position]
  }

  private mutating func varint() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard position < bytes.count else { return nil }
      let byte = byte()
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return shift == 63 && byte > 1 ? nil : value }
    }
    return nil
  }

  private mutating func fixed<Bits: FixedWidthInteger>() -> Bits? {
    guard position + MemoryLayout<Bits>.size <= bytes.count else { return nil }
    defer { position += MemoryLayout<Bits>.size }
    return Bits(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: Bits.self))
  }

  /// The end of a length-delimited field whose length comes next.
  private mutating func enter() -> Int? {
    guard let length = varint(), length <= UInt64(bytes.count - position) else { return nil }
    return position + Int(length)
  }
}
