public import Experiments

/// A place in a queue: a run that begins when the workers of other runs are gone.
///
/// The queue is the waiting processes themselves, so that it needs nobody to look after it.
public struct Turn {
  private let directory: RunDirectory
  private let others: [RunDirectory]
  private let clock: WorkerClock

  /// - Parameter others: the runs that come first.
  public init(
    of directory: RunDirectory, after others: [RunDirectory], clock: WorkerClock = .system
  ) {
    self.directory = directory
    self.others = others
    self.clock = clock
  }

  /// Takes the run directory, and returns when the turn has come: true, or false where a signal
  /// arrived before.
  ///
  /// - Parameters:
  ///   - isAtWork: whether a run's worker lives.
  ///   - pause: lets some time pass between two looks.
  /// - Throws: `WorkerError.occupied` where the directory holds a run already.
  public func wait(
    isAtWork: (RunDirectory) -> Bool = Self.isAtWork, signal: () -> Int32, pause: () -> Void
  ) throws(WorkerError) -> Bool {
    var status = RunStatus(state: .queued, process: .current, updated: clock.wall())
    let isOurs: Bool
    do throws(FileError) {
      isOurs = try directory.reserve(status)
    } catch {
      throw .failed("\(error)")
    }
    guard isOurs else {
      throw .occupied("\(directory.path): holds a run already; name another folder with --run.")
    }
    while others.contains(where: isAtWork) {
      let arrived = signal()
      guard arrived == 0 else {
        status.state = .stopped
        status.exitCode = 128 + Int(arrived)
        status.updated = clock.wall()
        do throws(FileError) {
          try status.write(to: directory)
        } catch {
          throw .failed("\(error)")
        }
        return false
      }
      pause()
    }
    return true
  }

  /// Keeps why the training could not begin when its turn had come.
  public func leave(because error: WorkerError) {
    guard var status = try? RunStatus.read(from: directory), status.state == .queued else { return }
    status.state = .failed
    status.exitCode = Int(error.exitCode)
    status.error = directory.withoutPaths(error.description)
    status.updated = clock.wall()
    try? status.write(to: directory)
  }

  /// As the run's status and the process table say.
  public static func isAtWork(_ run: RunDirectory) -> Bool {
    (try? RunStatus.read(from: run))?.process?.isAlive ?? false
  }
}
