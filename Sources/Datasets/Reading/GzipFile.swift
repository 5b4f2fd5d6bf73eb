import CZlib

/// A file that is read from its start, plain or gzip-compressed by its content, not its name.
struct GzipFile: ~Copyable {
  let path: String
  private let handle: OpaquePointer

  init(path: String) throws(DatasetError) {
    var opened: OpaquePointer?
    switch rt_gz_open(path, &opened) {
    case 0:
      self.path = path
      handle = opened!
    case Int32(RT_GZ_NOT_A_FILE):
      throw .file(path, reason: "not a regular file; put the publisher's file there")
    case let code:
      throw .file(path, reason: "cannot be opened: \(String(cString: rt_gz_open_text(code)))")
    }
  }

  deinit { rt_gz_close(handle) }

  /// The next `count` decompressed bytes, fewer only at the end of the data. Memory grows with what
  /// the file really yields.
  mutating func read(_ count: Int) throws(DatasetError) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: min(count, 1 << 20))
    while bytes.count < count {
      let wanted = min(chunk.count, count - bytes.count)
      var produced = 0
      switch rt_gz_read(handle, &chunk, wanted, &produced) {
      case RT_GZ_OK: break
      case RT_GZ_TRUNCATED:
        throw .file(path, reason: "truncated: the gzip stream ends early; fetch the file again")
      case RT_GZ_DAMAGED:
        throw .file(
          path, reason: "damaged: the gzip data or its checksum is wrong; fetch the file again")
      default: throw .file(path, reason: "cannot be read; check the disk and fetch the file again")
      }
      bytes += chunk[..<produced]
      if produced < wanted { break }
    }
    return bytes
  }

  /// Bytes of the file's content, by its size or, where it is compressed, by what its last four bytes
  /// say of it, modulo 2³²; nil where that cannot be read.
  static func contentSize(of path: String) -> Int? {
    let size = rt_gz_content_size(path)
    return size < 0 ? nil : Int(size)
  }
}
