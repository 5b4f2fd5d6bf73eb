import Crypto
import Glibc

/// SHA-256 of files.
enum Checksum {
  /// In hexadecimal, of the first `size` bytes of an open file; nil where there are fewer, or the disk fails.
  static func sha256(of descriptor: Int32, size: Int) -> String? {
    var hash = SHA256()
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    var offset = 0
    while offset < size {
      let count = pread(descriptor, &chunk, min(chunk.count, size - offset), off_t(offset))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return nil }
      hash.update(data: chunk[..<count])
      offset += count
    }
    return hash.finalize().map { $0 < 16 ? "0\(String($0, radix: 16))" : String($0, radix: 16) }
      .joined()
  }
}
