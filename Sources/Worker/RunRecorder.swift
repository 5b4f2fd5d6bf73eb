import Architecture
import EventLog
import Experiments
import Foundation
import Pictures

/// Writes what a run leaves behind: its event log, `status.json`, checkpoints and the resolved
/// experiment.
final class RunRecorder {
  private let directory: RunDirectory
  private let log: EventLogWriter
  private let clock: WorkerClock
  private(set) var status: RunStatus
  /// Room for a status that says why a training waits.
  private let reserve: RoomReserve
  /// Asked where the disk is full; without one, that is a failure.
  weak var waiter: (any RoomWaiter)?

  /// Keeps other workers out.
  private let lock: RunLock

  /// Goes on with a run: its log is cut to what belongs to the steps that the checkpoint has.
  ///
  /// - Parameters:
  ///   - path: of the event log.
  ///   - annotations: what the user wrote behind those steps, which stays in it.
  init(
    _ directory: RunDirectory, after position: Checkpoint.Position, log path: String,
    keeping annotations: [RunAnnotation], lock: RunLock, totalSteps: Int, clock: WorkerClock
  ) throws(WorkerError) {
    self.directory = directory
    reserve = RoomReserve(in: directory)
    self.clock = clock
    self.lock = lock
    status = RunStatus(
      state: .starting, process: ProcessIdentity.current, step: position.step,
      totalSteps: totalSteps, epoch: position.epoch + 1, updated: clock.wall())
    do {
      try RunDirectory.cutLog(
        path, to: position.logLength,
        keeping: annotations.map {
          LogEvent(
            wallTime: clock.wall(), step: position.step,
            values: [.text(tag: $0.tag, text: $0.text)])
        })
      log = try EventLogWriter(appendingTo: path)
      try status.write(to: directory)
    } catch {
      throw .failed("\(error)")
    }
    reserve.keep()
  }

  /// Creates the run directory and its files.
  ///
  /// - Parameter held: the lock of a folder in which an earlier process came to nothing.
  init(
    _ directory: RunDirectory, experiment: String, lock held: RunLock? = nil, totalSteps: Int,
    clock: WorkerClock
  ) throws(WorkerError) {
    self.directory = directory
    reserve = RoomReserve(in: directory)
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
    reserve.keep()
  }

  // MARK: Events

  /// Writes a text summary.
  func describe(_ tag: String, _ text: String, step: Int = 0) throws(WorkerError) {
    try writing { try log.append(step: step, wallTime: clock.wall(), text: text, tag: tag) }
  }

  /// Writes image summaries as one event.
  func show(_ pictures: [(tag: String, picture: Picture)], step: Int) throws(WorkerError) {
    let values = pictures.map { tag, picture in
      LogValue.image(
        tag: tag,
        LogImage(
          width: picture.width, height: picture.height, channels: picture.channels,
          bytes: picture.png))
    }
    try writing { try log.append(LogEvent(wallTime: clock.wall(), step: step, values: values)) }
  }

  /// Writes the scalars of one step as one event.
  func record(step: Int, _ scalars: [(tag: String, value: Float)]) throws(WorkerError) {
    try writing { try log.append(step: step, wallTime: clock.wall(), scalars: scalars) }
  }

  /// Makes sure that the log is on the disk, and returns its length in bytes.
  func synchronize() throws(WorkerError) -> Int { try writing { try log.synchronize() } }

  func close() {
    reserve.giveUp()
    log.close()
  }

  // MARK: Files

  /// Writes a checkpoint; the log is flushed already.
  func keep(_ checkpoint: Checkpoint) throws(WorkerError) {
    try writing { try checkpoint.write(to: directory) }
  }

  /// Replaces `status.json` after `change`.
  func update(_ change: (inout RunStatus) -> Void) throws(WorkerError) {
    change(&status)
    try writing { try writeStatus() }
  }

  private func writeStatus() throws(FileError) {
    status.updated = clock.wall()
    try status.write(to: directory)
  }

  // MARK: Want of room

  /// Does what writes a file; where the disk is full, again and again until there is room.
  ///
  /// - Throws: `WorkerError.failed` where it fails for another reason, or what waiting throws.
  @discardableResult
  private func writing<Value>(_ body: () throws -> Value) throws(WorkerError) -> Value {
    var isWaiting = false
    while true {
      do {
        let value = try body()
        if isWaiting { try goOn() }
        return value
      } catch {
        guard let waiter, Self.isForWantOfRoom(error) else { throw .failed("\(error)") }
        if !isWaiting { halt(directory.withoutPaths("\(error)"), waiter) }
        isWaiting = true
        try waiter.waitForRoom()
      }
    }
  }

  private static func isForWantOfRoom(_ error: any Error) -> Bool {
    switch error {
    case let error as FileError: error.isDiskFull
    case let error as EventLogError: error.isDiskFull
    default: false
    }
  }

  /// What a run that waits says of itself.
  static let haltReason = "the disk is full; training goes on when there is room"

  private func halt(_ reason: String, _ waiter: any RoomWaiter) {
    waiter.halted(reason)
    let state = status.state
    status.state = .paused
    status.step = waiter.stepsDone
    status.error = Self.haltReason
    // What is kept for this makes room; somebody else may take it first.
    reserve.giveUp()
    try? writeStatus()
    // The status before has made room again.
    reserve.keep()
    status.state = state
  }

  private func goOn() throws(WorkerError) {
    status.error = nil
    try writing { try writeStatus() }
    reserve.keep()
    try waiter?.foundRoom()
  }

  /// The run is at its end, room or no room.
  func stopWaiting() {
    waiter = nil
    reserve.giveUp()
  }
}
