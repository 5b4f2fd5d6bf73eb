import Experiments
import Testing
import TrainingEngine

@testable import Worker

@Suite struct StepMeterTests {
  private let result = Network.Result(count: 10, lossSum: 5, correct: 4)

  @Test func measuresTheInterval() {
    var meter = StepMeter(totalSteps: 100)
    meter.start(at: 100)
    meter.stepped(result, learningRate: 0.1, at: 101)
    meter.stepped(Network.Result(count: 10, lossSum: 2, correct: 8), learningRate: 0.1, at: 102)
    #expect(meter.loss == 0.2)
    #expect(meter.accuracy == 0.6)
    #expect(meter.imagesPerSecond == 10)
    meter.beginInterval()
    #expect(meter.accuracy == 0.6)
    meter.stepped(result, learningRate: 0.1, at: 102.5)
    #expect(meter.accuracy == 0.4)
    #expect(meter.imagesPerSecond == 20)
  }

  @Test func waitingIsPartOfTheInterval() {
    var meter = StepMeter(totalSteps: 100)
    meter.start(at: 0)
    #expect(meter.waitFraction == 0)
    meter.waited(for: 0.5)
    meter.stepped(result, learningRate: 0.1, at: 1)
    meter.waited(for: 0.25)
    meter.stepped(result, learningRate: 0.1, at: 3)
    #expect(meter.waitFraction == 0.25)
    meter.beginInterval()
    #expect(meter.waitFraction == 0.25)
    meter.stepped(result, learningRate: 0.1, at: 4)
    #expect(meter.waitFraction == 0)
  }

  /// What an earlier process has seen of an interval counts for the accuracy, not for the speed.
  @Test func speedIsOfThisProcess() {
    var meter = StepMeter(
      totalSteps: 100, step: 8, interval: Checkpoint.Interval(images: 80, correct: 64))
    // A fork writes a checkpoint before it begins.
    meter.beginPause(at: 3)
    meter.endPause(at: 5)
    meter.start(at: 10)
    meter.stepped(result, learningRate: 0.1, at: 11)
    meter.stepped(result, learningRate: 0.1, at: 12)
    #expect(meter.imagesPerSecond == 10)
    #expect(meter.accuracy == 0.72)
    #expect(meter.progress(step: 10, epoch: 1, epochs: 1).remaining == 90)
  }

  @Test func validationDoesNotCountAsTraining() throws {
    var meter = StepMeter(totalSteps: 4)
    meter.start(at: 0)
    meter.stepped(result, learningRate: 0.1, at: 1)
    // One pause within another is part of it.
    meter.beginPause(at: 1)
    meter.beginPause(at: 11)
    meter.endPause(at: 31)
    meter.endPause(at: 51)
    meter.stepped(result, learningRate: 0.1, at: 52)
    #expect(meter.imagesPerSecond == 10)
    let progress = meter.progress(step: 2, epoch: 1, epochs: 2)
    #expect(progress.remaining == 2)
    #expect(progress.elapsed == 52)
  }
}
