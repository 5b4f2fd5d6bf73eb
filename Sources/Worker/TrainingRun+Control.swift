import Experiments
import Glibc

extension TrainingRun {
  /// Seconds between two looks for a signal while the training is paused.
  private static let pauseInterval = 0.1

  /// Does what has been asked for since the last step; returns when the next one is due.
  func obey() throws(WorkerError) {
    guard let control else { return }
    var wasPaused = false
    defer { if wasPaused { meter.endPause(at: clock.monotonic()) } }
    while true {
      let requests = control.take()
      for (index, request) in requests.enumerated() {
        do throws(WorkerError) {
          request.answer(try obey(request.message))
        } catch {
          // Nobody looks at those that came with it any more.
          for request in requests[index...] {
            request.answer(ControlReply(isDone: false, text: error.description))
          }
          throw error
        }
      }
      guard isPaused, !isAskedToStop, signal() == 0 else { break }
      if !wasPaused { meter.beginPause(at: clock.monotonic()) }
      wasPaused = true
      control.wait(seconds: Self.pauseInterval)
    }
  }

  private func obey(_ message: ControlMessage) throws(WorkerError) -> ControlReply {
    let step = lifecycle.step
    var reply = ControlReply(isDone: true, text: "")
    switch message {
    case .pause:
      guard !isPaused else { return ControlReply(isDone: false, text: "it is paused already") }
      isPaused = true
      try recorder.update { $0.state = .paused }
      reply.text = "paused after step \(step)"
    case .resume:
      guard isPaused else { return ControlReply(isDone: false, text: "it is not paused") }
      isPaused = false
      try recorder.update { $0.state = .running }
      reply.text = "goes on with step \(step + 1)"
    case .stop:
      isAskedToStop = true
      reply.text = "ends after step \(step + 1), with a checkpoint"
    case .checkpoint:
      try saveCheckpoint()
      let name = CheckpointFiles(folder: directory.checkpointsPath, step: step).weightsName
      reply.text =
        owesCheckpoint
        ? "follows step \(step + 1): that of step \(step) is of before the network grew"
        : "wrote checkpoints/\(name)"
    case .setLearningRate(let value):
      let scheduled = schedule.rate(step: step + 1)
      guard scheduled > 0 else {
        return ControlReply(isDone: false, text: "the schedule has come to a rate of 0")
      }
      let scale = value / scheduled
      guard scale.isFinite else {
        return ControlReply(
          isDone: false, text: "the schedule's rate of \(scheduled) is too small to go from")
      }
      rateScale = scale
      reply.text = "learning rate \(value) from step \(step + 1) on"
    case .grow(let growth):
      do throws(WorkerError) {
        try checkPlan(behind: growth)
        reply.text = try grow(growth)
      } catch .input(let text), .memory(let text) {
        return ControlReply(isDone: false, text: text)
      }
      // Nobody could repeat it at this very step.
      try saveCheckpoint()
    case .annotate(let annotation):
      try recorder.describe(annotation.tag, annotation.text, step: step)
      reply.text = "kept the \(annotation.kind.rawValue) at step \(step)"
    }
    switch message {
    case .annotate, .grow: break
    default: try recorder.describe("run/control", message.text, step: step)
    }
    return reply
  }
}
