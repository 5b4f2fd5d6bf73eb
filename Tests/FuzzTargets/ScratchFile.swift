import Glibc

/// A file in memory, for parsers that take a path.
struct ScratchFile: Sendable {
  private let descriptor: Int32
  let path: String

  init() {
    let name = "/resnet-tui-fuzz-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    descriptor = shm_open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    precondition(descriptor >= 0, "no shared memory to be had")
    shm_unlink(name)
    path = "/proc/self/fd/\(descriptor)"
  }

  /// Replaces the file's content.
  func hold(_ bytes: [UInt8]) {
    let isHeld =
      ftruncate(descriptor, 0) == 0
      && pwrite(descriptor, bytes, bytes.count, 0) == bytes.count
    precondition(isHeld, "the shared memory cannot be written")
  }
}
