/// The framing of an event file: each record is its length (UInt64), the length's masked CRC-32C,
/// the data, and the data's masked CRC-32C, all little-endian.
package enum TFRecord {
  static let headerByteCount = 12
  static let footerByteCount = 4
  /// Longest data that is read; no event of a dashboard comes near it.
  static let limit = 64 << 20
  /// No file has longer data: a header that says so is none.
  private static let longest = UInt64(1) << 40

  /// Appends the record of `data` to `bytes`.
  package static func append(_ data: [UInt8], to bytes: inout [UInt8]) {
    bytes.reserveCapacity(bytes.count + headerByteCount + data.count + footerByteCount)
    withUnsafeBytes(of: UInt64(data.count).littleEndian) { length in
      bytes.append(contentsOf: length)
      append(CRC32C.masked(length), to: &bytes)
    }
    bytes.append(contentsOf: data)
    append(data.withUnsafeBytes(CRC32C.masked), to: &bytes)
  }

  private static func append(_ checksum: UInt32, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: checksum.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// What stands at an offset of a file.
  enum Scan: Equatable {
    /// A whole record, its data and the offset after it.
    case record(data: Range<Int>, end: Int)
    /// A header that is right, and data whose checksum is wrong.
    case damagedData(end: Int)
    /// A header that is right, of more data than is read.
    case oversized(end: Int)
    /// No header: its checksum is wrong, or no file has such a length.
    case damagedHeader
    /// The beginning of a record that goes on past the end.
    case incomplete
  }

  static func scan(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Scan {
    guard bytes.count - offset >= headerByteCount else { return .incomplete }
    guard let length = length(bytes, at: offset) else { return .damagedHeader }
    let start = offset + headerByteCount
    guard length <= limit else { return .oversized(end: start + length + footerByteCount) }
    guard bytes.count - start >= length + footerByteCount else { return .incomplete }
    let data = start..<start + length
    let checksum = UInt32(
      littleEndian: bytes.loadUnaligned(fromByteOffset: data.upperBound, as: UInt32.self))
    let end = data.upperBound + footerByteCount
    guard CRC32C.masked(UnsafeRawBufferPointer(rebasing: bytes[data])) == checksum else {
      return .damagedData(end: end)
    }
    return .record(data: data, end: end)
  }

  /// The length in the header at `offset`, of which all is there; nil if it is no header.
  static func length(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int? {
    let length = UInt64(
      littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    guard length <= longest else { return nil }
    let checksum = UInt32(
      littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt32.self))
    let header = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + 8])
    return CRC32C.masked(header) == checksum ? Int(length) : nil
  }
}
