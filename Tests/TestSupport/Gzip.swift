/// As `gzip -n` packs `content`, in stored blocks.
public func gzip(_ content: [UInt8]) -> [UInt8] {
  var packed: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
  var rest = content[...]
  repeat {
    let block = rest.prefix(0xFFFF)
    rest = rest.dropFirst(block.count)
    let length = UInt16(block.count)
    packed.append(rest.isEmpty ? 1 : 0)
    packed += littleEndian(length) + littleEndian(~length) + block
  } while !rest.isEmpty
  let count = UInt32(truncatingIfNeeded: content.count)
  return packed + littleEndian(crc32(content)) + littleEndian(count)
}

private func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian, Array.init)
}

/// CRC-32 (ISO 3309) of gzip, bit by bit.
private func crc32(_ bytes: [UInt8]) -> UInt32 {
  var crc = ~UInt32(0)
  for byte in bytes {
    crc ^= UInt32(byte)
    for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
  }
  return ~crc
}
