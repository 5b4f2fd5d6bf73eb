import Glibc

/// Files that are replaced whole: a reader, or a machine that lost its power, sees the old content
/// or the new, never a part.
public enum AtomicFile {
  /// Ends the names of files that are being written; what a crash leaves of them may be removed.
  static let partialSuffix = ".partial"

  /// Writes `bytes` beside `path`, flushes them, renames the file into place and flushes the folder.
  /// On failure the old file is untouched and nothing is left beside it. A link is replaced by the
  /// file: what it leads to is left alone.
  ///
  /// - Parameter partialName: what the file is called while it is written; after its own name where there
  ///   is none.
  public static func write(
    _ bytes: some Collection<UInt8>, to path: String, partialName: String? = nil
  ) throws(FileError) {
    let (folder, name) = Folder.split(path)
    let partial = "\(folder)/.\(partialName ?? name).\(getpid())\(partialSuffix)"
    let descriptor = open(
      partial, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileError(path: path, cannot: .write, code: errno) }
    var code = writeAll(bytes, to: descriptor)
    if code == 0 && fsync(descriptor) != 0 { code = errno }
    if close(descriptor) != 0 && code == 0 { code = errno }
    if code == 0 && rename(partial, path) != 0 { code = errno }
    guard code == 0 else {
      unlink(partial)
      throw FileError(path: path, cannot: .write, code: code)
    }
    try Folder.flush(folder)
  }

  /// As `write`, for a place that the user has named: a device or a pipe is written to, not replaced.
  public static func deliver(
    _ bytes: some Collection<UInt8>, to path: String
  ) throws(FileError) {
    var attributes = stat()
    guard stat(path, &attributes) == 0, attributes.st_mode & S_IFMT != S_IFREG else {
      return try write(bytes, to: path)
    }
    // A folder cannot be opened.
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path, cannot: .write, code: errno) }
    defer { close(descriptor) }
    let code = writeAll(bytes, to: descriptor)
    guard code == 0 else { throw FileError(path: path, cannot: .write, code: code) }
  }

  /// Creates an empty file to be replaced later; of several processes that try, one succeeds.
  ///
  /// - Returns: whether it was this one.
  static func claim(_ path: String) throws(FileError) -> Bool {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      if errno == EEXIST { return false }
      throw FileError(path: path, cannot: .write, code: errno)
    }
    close(descriptor)
    return true
  }

  /// The error code of the first write that failed, or 0.
  private static func writeAll(_ bytes: some Collection<UInt8>, to descriptor: Int32) -> Int32 {
    func write(_ buffer: UnsafeBufferPointer<UInt8>) -> Int32 {
      var offset = 0
      while offset < buffer.count {
        let count = Glibc.write(descriptor, buffer.baseAddress! + offset, buffer.count - offset)
        if count >= 0 {
          offset += count
        } else if errno != EINTR {
          return errno
        }
      }
      return 0
    }
    return bytes.withContiguousStorageIfAvailable(write)
      ?? Array(bytes).withUnsafeBufferPointer(write)
  }
}
