import Glibc

/// What has come of a file, in `<path>.partial` beside it: kept from one attempt to the next, and held by
/// one process at a time. Nothing is at the path itself before all of it is there.
final class PartialFile {
  /// Where the whole file goes.
  let path: String
  /// Bytes that have come.
  private(set) var size = 0

  private let partial: String
  private let descriptor: Int32

  /// Opens or creates the file.
  ///
  /// - Throws: `DownloadError.occupied` where another process holds it.
  init(for path: String) throws(DownloadError) {
    self.path = path
    partial = path + ".partial"
    descriptor = try Self.hold(partial, for: path)
    var attributes = stat()
    guard fstat(descriptor, &attributes) == 0, attributes.st_mode & S_IFMT == S_IFREG else {
      throw .file(path: partial, reason: "is no regular file; move it away")
    }
    size = attributes.st_size
  }

  /// Gives the file up to other processes; a program that is being started may have the descriptor still,
  /// and the lock with it.
  deinit {
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// Opens `partial` and locks it. The process that held it may have renamed or removed it meanwhile: only
  /// a file that is still there under its name is this one's.
  private static func hold(_ partial: String, for path: String) throws(DownloadError) -> Int32 {
    while true {
      let descriptor = open(
        partial, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw failure(partial, errno) }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let code = errno
        close(descriptor)
        throw code == EWOULDBLOCK ? .occupied(path: path) : failure(partial, code)
      }
      var (held, named) = (stat(), stat())
      if fstat(descriptor, &held) == 0, lstat(partial, &named) == 0, held.st_ino == named.st_ino,
        held.st_dev == named.st_dev
      {
        return descriptor
      }
      close(descriptor)
    }
  }

  func append(_ bytes: UnsafeRawBufferPointer) throws(DownloadError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = pwrite(descriptor, rest.baseAddress, rest.count, off_t(size))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw Self.failure(partial, errno) }
      size += count
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  /// Lets go of what has come, and begins again.
  func empty() throws(DownloadError) {
    guard ftruncate(descriptor, 0) == 0 else { throw Self.failure(partial, errno) }
    size = 0
  }

  /// Removes the file; it takes no more bytes then.
  func discard() { unlink(partial) }

  /// In hexadecimal, of what is on the disk.
  func sha256() throws(DownloadError) -> String {
    guard let sum = Checksum.sha256(of: descriptor, size: size) else {
      throw .file(path: partial, reason: "cannot be read; check the disk and fetch it again")
    }
    return sum
  }

  /// Flushes the file, renames it to its path and flushes the folder.
  func place() throws(DownloadError) {
    guard fsync(descriptor) == 0, rename(partial, path) == 0 else {
      throw Self.failure(path, errno)
    }
    let end = path.lastIndex(of: "/")
    let folder = end.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard opened >= 0 else { throw Self.failure(folder, errno) }
    defer { close(opened) }
    // Some file systems have nothing to flush in a folder and say so.
    guard fsync(opened) == 0 || errno == EINVAL else { throw Self.failure(folder, errno) }
  }

  private static func failure(_ path: String, _ code: Int32) -> DownloadError {
    let mend =
      switch code {
      case ENOSPC, EDQUOT: "; free some space and fetch it again"
      case EFBIG: "; the limit of file sizes is too low"
      case EACCES, EPERM, EROFS: "; choose a folder that you may write to"
      case ENOENT, ENOTDIR: "; check the path"
      case ELOOP: "; it is a link: move it away"
      default: ""
      }
    return .file(path: path, reason: "cannot write: \(String(cString: strerror(code)))\(mend)")
  }
}
