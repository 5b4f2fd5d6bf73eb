import Experiments
import TrainingEngine

/// Loss, accuracy and speed over the last few steps.
struct StepMeter {
  private let totalSteps: Int
  /// Steps that another process has done.
  private let firstStep: Int

  /// Of the last step.
  private(set) var loss = 0.0
  private(set) var learningRate = 0.0

  private var start = 0.0
  private var now = 0.0
  /// Time spent on validation and checkpoints since `start`.
  private var paused = 0.0
  /// Pauses that have begun and not ended, one within the other, and when the outermost began.
  private var openPauses = 0
  private var pauseStart = 0.0

  /// Since the interval began: images, and how many were right; also of what an earlier process has done.
  private var images = 0
  private var correct = 0
  /// When the interval began, for this process, and the images since then.
  private var intervalStart = 0.0
  private var timedImages = 0
  /// Seconds of the interval in which there was no batch to work on.
  private var waited = 0.0
  private var lastAccuracy = 0.0
  private var lastRate = 0.0
  private var lastWait = 0.0

  /// - Parameters:
  ///   - step: steps that are done already.
  ///   - interval: what a checkpoint has kept of it.
  init(totalSteps: Int, step: Int = 0, interval: Checkpoint.Interval? = nil) {
    self.totalSteps = totalSteps
    firstStep = step
    images = interval?.images ?? 0
    correct = interval?.correct ?? 0
  }

  /// What a checkpoint keeps of the interval.
  var interval: Checkpoint.Interval { Checkpoint.Interval(images: images, correct: correct) }

  mutating func start(at time: Double) {
    start = time
    now = time
    intervalStart = time
    paused = 0
  }

  mutating func stepped(_ result: Network.Result, learningRate: Double, at time: Double) {
    loss = result.loss
    self.learningRate = learningRate
    images += result.count
    correct += result.correct
    timedImages += result.count
    now = time
  }

  /// A batch was waited for.
  mutating func waited(for seconds: Double) { waited += seconds }

  /// Begins a new interval; what was measured in the last one stays until there is something new.
  mutating func beginInterval() {
    lastAccuracy = accuracy
    lastRate = imagesPerSecond
    lastWait = waitFraction
    waited = 0
    images = 0
    correct = 0
    timedImages = 0
    intervalStart = now
  }

  /// What begins is no training: its time is left out of the speed. In it there may be other pauses.
  mutating func beginPause(at time: Double) {
    if openPauses == 0 { pauseStart = time }
    openPauses += 1
  }

  mutating func endPause(at time: Double) {
    openPauses -= 1
    guard openPauses == 0 else { return }
    let seconds = time - pauseStart
    paused += seconds
    intervalStart += seconds
    now += seconds
  }

  /// Fraction 0..1 of the interval's images.
  var accuracy: Double { images > 0 ? Double(correct) / Double(images) : lastAccuracy }

  /// Of the interval.
  var imagesPerSecond: Double {
    let seconds = now - intervalStart
    return timedImages > 0 && seconds > 0 ? Double(timedImages) / seconds : lastRate
  }

  /// Fraction 0..1 of the interval that was spent waiting for batches.
  var waitFraction: Double {
    let seconds = now - intervalStart
    return timedImages > 0 && seconds > 0 ? min(1, max(0, waited / seconds)) : lastWait
  }

  func elapsed(at time: Double) -> Double { time - start }

  func progress(step: Int, epoch: Int, epochs: Int) -> Progress {
    let training = now - start - paused
    let done = step - firstStep
    let remaining =
      done > 1 ? training / Double(done) * Double(max(0, totalSteps - step)) : nil
    return Progress(
      step: step, totalSteps: totalSteps, epoch: epoch, epochs: epochs, loss: loss,
      accuracy: accuracy, learningRate: learningRate, imagesPerSecond: imagesPerSecond,
      elapsed: now - start, remaining: remaining)
  }
}
