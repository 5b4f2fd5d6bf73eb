import EventLog
import Experiments
import Glibc

/// A training pauses while the disk is full: nothing of the run is lost, and what was to be written is
/// written when there is room.
extension TrainingRun: RoomWaiter {
  /// Seconds between two attempts.
  private static let attemptInterval = 1.0

  var stepsDone: Int { lifecycle.step }

  func halted(_ reason: String) { progress.halted(reason) }

  /// Messages are answered meanwhile.
  func waitForRoom() throws(WorkerError) {
    meter.beginPause(at: clock.monotonic())
    control?.wait(seconds: Self.attemptInterval) ?? clock.sleep(Self.attemptInterval)
    meter.endPause(at: clock.monotonic())
    for request in control?.take() ?? [] {
      guard request.message == .stop else {
        request.answer(ControlReply(isDone: false, text: RunRecorder.haltReason))
        continue
      }
      isAskedToStop = true
      request.answer(
        ControlReply(isDone: true, text: "ends at once; its last checkpoint can be resumed"))
    }
    let arrived = signal()
    guard !isAskedToStop, arrived == 0 else {
      throw .interrupted(
        signal: arrived == 0 ? SIGTERM : arrived,
        "the disk is full, and it was asked to stop before there was room: what came after its last "
          + "checkpoint is lost; make room, and resume it")
    }
  }

  func foundRoom() throws(WorkerError) {
    try recorder.describe("run/control", Standstill.room.rawValue, step: lifecycle.step)
  }
}
