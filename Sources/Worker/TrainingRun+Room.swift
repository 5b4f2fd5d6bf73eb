import Experiments

/// A training pauses while the disk is full: nothing of the run is lost, and what was to be written is
/// written when there is room.
extension TrainingRun: RoomWaiter {
  /// Seconds between two attempts.
  private static let attemptInterval = 1.0

  func halted(_ reason: String) { progress.halted(reason) }

  /// Messages are answered meanwhile.
  func waitForRoom(_ reason: String) throws(WorkerError) {
    let start = clock.monotonic()
    control?.wait(seconds: Self.attemptInterval) ?? clock.sleep(Self.attemptInterval)
    meter.pause(for: clock.monotonic() - start)
    for request in control?.take() ?? [] {
      if request.message == .stop { isAskedToStop = true }
      request.answer(
        ControlReply(
          isDone: isAskedToStop,
          text: isAskedToStop ? "ends at once; its last checkpoint can be resumed" : reason))
    }
    guard !isAskedToStop, signal() == 0 else {
      throw .failed(
        "\(reason) It was asked to stop before there was room: what came after its last checkpoint "
          + "is lost.")
    }
  }

  func foundRoom() throws(WorkerError) {
    try recorder.describe("run/control", "waited for room on the disk", step: lifecycle.step)
  }
}
