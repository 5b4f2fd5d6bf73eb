/// The framing of gzip (RFC 1952).
enum Gzip {
  /// A member that holds `content` in one stored block, as `gzip -n` writes it.
  static func member(_ content: [UInt8]) -> [UInt8] {
    precondition(content.count < 1 << 16, "one stored block has no more")
    let length = number(UInt32(content.count))
    return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1] + length[..<2] + length[..<2].map { ~$0 }
      + content + number(Checksum.iso.of(content[...])) + length
  }

  /// Little-endian.
  static func number(_ value: UInt32) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian, Array.init)
  }
}
