import Experiments
import Testing

@testable import Worker

@Suite struct RunLifecycleTests {
  private func lifecycle(
    stepsPerEpoch: Int = 3, epochs: Int = 2, maxSteps: Int? = nil, checkpointEpochs: Int? = 1,
    checkpointSteps: Int? = nil, layerInterval: Int? = nil, everySteps: Int = 1
  ) -> RunLifecycle {
    RunLifecycle(
      stepsPerEpoch: stepsPerEpoch, epochs: epochs, maxSteps: maxSteps,
      checkpointEpochs: checkpointEpochs, checkpointSteps: checkpointSteps,
      log: LogOptions(everySteps: everySteps, layersEverySteps: layerInterval))
  }

  /// The first losses are kept whole, the others as often as is asked for, and the last.
  @Test func lossesAreKeptAsOftenAsAskedFor() {
    var run = lifecycle(stepsPerEpoch: 157, epochs: 1, layerInterval: 130, everySteps: 25)
    var (losses, details) = ([Int](), [Int]())
    for step in 1...157 {
      for case .record(let isDetailed, let hasLayers) in run.stepped(signal: 0) {
        losses.append(step)
        if isDetailed { details.append(step) }
        #expect(hasLayers == [10, 130].contains(step))
      }
    }
    #expect(losses == Array(1...100) + [125, 130, 150, 157])
    #expect(details == [1, 25, 50, 75, 100, 125, 150, 157])
  }

  @Test func epochsEndInValidationAndCheckpoint() {
    var run = lifecycle()
    #expect(run.epoch == 1)
    #expect(run.stepped(signal: 0) == [.record(details: true, layers: false)])
    #expect(run.stepped(signal: 0) == [.record(details: false, layers: false)])
    #expect(
      run.stepped(signal: 0) == [.record(details: false, layers: false), .validate, .checkpoint])
    #expect(run.epoch == 2)
    _ = run.stepped(signal: 0)
    _ = run.stepped(signal: 0)
    #expect(
      run.stepped(signal: 0) == [
        .record(details: true, layers: false), .validate, .checkpoint, .end(.finished),
      ])
    #expect(run.epoch == 2)
  }

  @Test func maxStepsEndsInTheMiddleOfAnEpoch() {
    var run = lifecycle(maxSteps: 2)
    #expect(run.totalSteps == 6)
    #expect(run.stepped(signal: 0) == [.record(details: true, layers: false)])
    #expect(
      run.stepped(signal: 0) == [
        .record(details: true, layers: false), .validate, .checkpoint, .end(.finished),
      ])
  }

  @Test func maxStepsBeyondTheScheduleChangesNothing() {
    #expect(lifecycle(maxSteps: 100).lastStep == 6)
  }

  @Test func aSignalEndsTheRunAfterTheStepWithoutValidation() {
    var run = lifecycle()
    #expect(
      run.stepped(signal: 15)
        == [.record(details: true, layers: false), .checkpoint, .end(.stopped(signal: 15))])
  }

  @Test func detailsComeEveryTenSteps() {
    var run = lifecycle(stepsPerEpoch: 25, epochs: 1)
    let detailed = (1...25).filter { _ in
      run.stepped(signal: 0)[0] == .record(details: true, layers: false)
    }
    #expect(detailed == [1, 10, 20, 25])
  }

  @Test func layersComeSoonAndThenEverySoManySteps() {
    var run = lifecycle(stepsPerEpoch: 90, epochs: 1, layerInterval: 40)
    let inspected = (1...90).filter { _ in
      let isExpected = run.inspectsNextStep
      let actions = run.stepped(signal: 0)
      let isRecorded = actions.contains {
        if case .record(_, layers: true) = $0 { true } else { false }
      }
      #expect(isExpected == isRecorded)
      return isRecorded
    }
    #expect(inspected == [10, 40, 80])
    var none = lifecycle()
    #expect((1...6).allSatisfy { _ in !none.inspectsNextStep && !none.stepped(signal: 0).isEmpty })
  }

  @Test func checkpointsComeEverySoManySteps() {
    var run = lifecycle(stepsPerEpoch: 5, checkpointEpochs: nil, checkpointSteps: 4)
    let steps = (1...10).filter { _ in run.stepped(signal: 0).contains(.checkpoint) }
    #expect(steps == [4, 8, 10])
  }

  @Test func checkpointsComeEverySoManyEpochs() {
    var run = lifecycle(stepsPerEpoch: 2, epochs: 5, checkpointEpochs: 2)
    let steps = (1...10).filter { _ in run.stepped(signal: 0).contains(.checkpoint) }
    #expect(steps == [4, 8, 10])
  }
}
