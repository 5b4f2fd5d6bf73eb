import Glibc

/// Keeps a run directory to one worker, as long as that lives: the kernel takes the lock back from a
/// process that is gone, however it went.
public final class RunLock: Sendable {
  private let descriptor: Int32

  /// Locks the run's folder, which has to be there.
  ///
  /// - Returns: nil where another process has locked it.
  public init?(_ run: RunDirectory) throws(FileError) {
    descriptor = open(run.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: run.path, cannot: .read, code: errno) }
    // Some file systems have no locks; there is nothing to be done about it.
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      close(descriptor)
      return nil
    }
  }

  deinit {
    // A program that is being started at this moment shares the descriptor until it runs.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
