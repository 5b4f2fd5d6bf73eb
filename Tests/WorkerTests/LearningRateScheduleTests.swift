import Experiments
import Testing

@testable import Worker

@Suite struct LearningRateScheduleTests {
  private func rates(_ name: ScheduleKind, warmup: Int) -> [Double] {
    let schedule = LearningRateSchedule(
      ScheduleOptions(name: name, warmupEpochs: warmup), learningRate: 0.4, stepsPerEpoch: 4,
      totalSteps: 12)
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

  @Test func cosineAfterWarmup() {
    let rates = rates(.cosine, warmup: 1)
    #expect(rates[3] == 0.4)
    #expect(rates[4] == 0.4)
    #expect(abs(rates[8] - 0.2) < 1e-12)
  }
}
