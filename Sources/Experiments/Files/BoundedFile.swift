import Glibc

/// Reading of whole regular files up to a size.
enum BoundedFile {
  /// The bytes of the file at `path`. Anything but a regular file of at most `limit` bytes is
  /// refused before a byte is read, so that no device, pipe or sparse giant holds the reader up.
  static func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError(path: path, cannot: .read, code: errno) }
    defer { close(descriptor) }
    var attributes = stat()
    guard fstat(descriptor, &attributes) == 0 else {
      throw FileError(path: path, cannot: .read, code: errno)
    }
    guard attributes.st_mode & S_IFMT == S_IFREG else {
      let kind = attributes.st_mode & S_IFMT == S_IFDIR ? "a folder" : "no regular file"
      throw FileError(path: path, reason: "is \(kind); name a file.")
    }
    let size = attributes.st_size
    guard size <= limit else {
      var error = FileError(
        path: path, reason: "is \(size) bytes long; \(limit) bytes are the most that are read.")
      error.isUnreadable = true
      throw error
    }
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let got = Glibc.read(descriptor, buffer.baseAddress! + count, size - count)
        if got < 0 && errno == EINTR { continue }
        if got < 0 { failure = errno }
        if got <= 0 { break }
        count += got
      }
    }
    guard failure == 0 else { throw FileError(path: path, cannot: .read, code: failure) }
    return bytes
  }
}
