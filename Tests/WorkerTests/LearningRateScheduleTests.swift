import Experiments
import Testing

@testable import Worker

@Suite struct LearningRateScheduleTests {
  private func rates(_ name: ScheduleKind, warmup: Int) -> [Double] {
    let schedule = LearningRateSchedule(
      ScheduleOptions(name: name, warmupEpochs: warmup, stepSize: 1, gamma: 0.5),
      learningRate: 0.4, stepsPerEpoch: 4, totalSteps: 12)
    return (1...12).map { schedule.rate(step: $0) }
  }

  @Test func constant() {
    #expect(rates(.constant, warmup: 0) == Array(repeating: 0.4, count: 12))
  }

  @Test func warmupRisesLinearlyToThePeak() {
    let rates = rates(.constant, warmup: 1)
    #expect(rates.prefix(5) == [0.1, 0.2, 0.4 * 3 / 4, 0.4, 0.4])
  }

  @Test func cosineFallsFromThePeakTowardsZero() {
    let rates = rates(.cosine, warmup: 0)
    #expect(rates[0] == 0.4)
    #expect(abs(rates[6] - 0.2) < 1e-12)
    #expect(zip(rates, rates.dropFirst()).allSatisfy { $0 > $1 })
    #expect(rates[11] > 0 && rates[11] < 0.01)
  }

  @Test func stepFallsAtItsEpochs() {
    #expect(rates(.step, warmup: 0) == [0.4, 0.2, 0.1].flatMap { Array(repeating: $0, count: 4) })
    #expect(rates(.step, warmup: 1).suffix(8) == [0.2, 0.2, 0.2, 0.2, 0.1, 0.1, 0.1, 0.1])
  }

  /// What `torch.optim.lr_scheduler.OneCycleLR` of PyTorch 2.13 gives for the same steps.
  @Test(arguments: [
    (
      12,
      [
        0.016, 0.1399158616878332, 0.3517140636488515, 0.39776617418036475, 0.3732051879365647,
        0.3246982615799052, 0.25895159907804133, 0.18505484106679002, 0.11322439928347969,
        0.05339101207553224, 0.01382679497015809, 1.6e-06,
      ]
    ),
    (3, [0.39776617418036475, 0.18505484106679002, 1.6e-06]), (2, [0.3246982615799052, 1.6e-06]),
    (1, [1.6e-06]),
  ])
  func oneCycleIsPyTorchs(total: Int, expected: [Double]) {
    let schedule = LearningRateSchedule(
      ScheduleOptions(name: .oneCycle), learningRate: 0.4, stepsPerEpoch: 4, totalSteps: total)
    let rates = (1...total).map { schedule.rate(step: $0) }
    #expect(zip(rates, expected).allSatisfy { abs($0 - $1) < 1e-15 }, "\(rates)")
  }

  @Test func cosineAfterWarmup() {
    let rates = rates(.cosine, warmup: 1)
    #expect(rates[3] == 0.4)
    #expect(rates[4] == 0.4)
    #expect(abs(rates[8] - 0.2) < 1e-12)
  }
}
