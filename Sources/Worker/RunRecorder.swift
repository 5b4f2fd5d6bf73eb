import Architecture
import EventLog
import Experiments
import Foundation
import Pictures

/// Writes what a run leaves behind: its event log, `status.json` and the resolved experiment.
final class RunRecorder {
  private let directory: RunDirectory
  private let log: EventLogWriter
  private let clock: WorkerClock
  private(set) var status: RunStatus

  /// Keeps other workers out.
  private let lock: RunLock

  /// Goes on with a run: its log is cut to what belongs to the steps that the checkpoint has.
  ///
  /// - Parameter log: path of the event log.
  init(
    _ directory: RunDirectory, after position: Checkpoint.Position, log path: String,
    lock: RunLock, totalSteps: Int, clock: WorkerClock
  ) throws(WorkerError) {
    self.directory = directory
    self.clock = clock
    self.lock = lock
    status = RunStatus(
      state: .starting, process: ProcessIdentity.current, step: position.step,
      totalSteps: totalSteps, epoch: position.epoch + 1, updated: clock.wall())
    do {
      try RunDirectory.cutLog(path, to: position.logLength)
      log = try EventLogWriter(appendingTo: path)
      try status.write(to: directory)
    } catch {
      throw .failed("\(error)")
    }
  }

  /// Creates the run directory and its files.
  ///
  /// - Parameter held: the lock of a folder in which an earlier process came to nothing.
  init(
    _ directory: RunDirectory, experiment: String, lock held: RunLock? = nil, totalSteps: Int,
    clock: WorkerClock
  ) throws(WorkerError) {
    self.directory = directory
    self.clock = clock
    let now = clock.wall()
    status = RunStatus(
      state: .starting, process: ProcessIdentity.current, step: 0, totalSteps: totalSteps,
      epoch: 1, updated: now)
    let isOurs: Bool
    do throws(FileError) {
      isOurs = try directory.create(experiment: experiment)
    } catch {
      throw .failed("\(error)")
    }
    guard isOurs else {
      throw .occupied(
        "\(directory.path): holds a run already; name another folder with --run.")
    }
    do {
      guard let lock = try held ?? RunLock(directory) else {
        throw WorkerError.occupied("\(directory.path): a worker is at work in it; stop it first")
      }
      self.lock = lock
      log = try EventLogWriter(
        creating: directory.eventPath(seconds: Int(now)), wallTime: now)
      try status.write(to: directory)
    } catch let error as WorkerError {
      throw error
    } catch {
      throw .failed("\(error)")
    }
  }

  /// Writes a text summary.
  func describe(_ tag: String, _ text: String, step: Int = 0) throws(WorkerError) {
    do {
      try log.append(step: step, wallTime: clock.wall(), text: text, tag: tag)
    } catch {
      throw .failed("\(error)")
    }
  }

  /// Writes image summaries as one event.
  func show(_ pictures: [(tag: String, picture: Picture)], step: Int) throws(WorkerError) {
    do {
      try log.append(
        LogEvent(
          wallTime: clock.wall(), step: step,
          values: pictures.map { tag, picture in
            .image(
              tag: tag,
              LogImage(
                width: picture.width, height: picture.height, channels: picture.channels,
                bytes: picture.png))
          }))
    } catch {
      throw .failed("\(error)")
    }
  }

  /// Writes the scalars of one step as one event.
  func record(step: Int, _ scalars: [(tag: String, value: Float)]) throws(WorkerError) {
    do {
      try log.append(step: step, wallTime: clock.wall(), scalars: scalars)
    } catch {
      throw .failed("\(error)")
    }
  }

  /// Makes sure that the log is on the disk, and returns its length in bytes.
  func synchronize() throws(WorkerError) -> Int {
    do {
      return try log.synchronize()
    } catch {
      throw .failed("\(error)")
    }
  }

  /// Replaces `status.json` after `change`.
  func update(_ change: (inout RunStatus) -> Void) throws(WorkerError) {
    change(&status)
    status.updated = clock.wall()
    do {
      try status.write(to: directory)
    } catch {
      throw .failed("\(error)")
    }
  }

  func close() { log.close() }
}
