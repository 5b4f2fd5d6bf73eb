/// A cyclic checksum of 32 bits, reflected, byte by byte: what the formats' own are held against.
struct Checksum {
  private let table: [UInt32]

  /// ISO 3309, as gzip and PNG have it.
  static let iso = Checksum(polynomial: 0xEDB8_8320)
  /// RFC 3720, as event files have it.
  static let castagnoli = Checksum(polynomial: 0x82F6_3B78)

  private init(polynomial: UInt32) {
    table = (0..<256).map { byte in
      (0..<8).reduce(UInt32(byte)) { crc, _ in crc >> 1 ^ (crc & 1) &* polynomial }
    }
  }

  func of(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var crc = ~UInt32(0)
    for byte in bytes { crc = crc >> 8 ^ table[Int((crc ^ UInt32(byte)) & 0xFF)] }
    return ~crc
  }
}
