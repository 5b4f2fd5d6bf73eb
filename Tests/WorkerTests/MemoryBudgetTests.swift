import Architecture
import Datasets
import Experiments
import Testing
import TrainingEngine

@testable import Worker

@Suite struct MemoryBudgetTests {
  private let budget = MemoryBudget(perBatch: 64 << 30, fixed: 1 << 30, batch: 128)

  @Test func whatFitsIsAccepted() throws {
    try budget.check(available: 66 << 30)
    try budget.check(available: nil)
  }

  @Test func whatDoesNotFitSaysHowMuchAndWhatWould() {
    #expect(
      throws: WorkerError.memory(
        "this needs 65.0 GB of memory and the machine has 20.0 GB free: "
          + "set data.batch to 32 or less")
    ) { try budget.check(available: 20 << 30) }
  }

  @Test func aNetworkThatNeverFitsSaysSo() {
    #expect(
      throws: WorkerError.memory(
        "this needs 65.0 GB of memory and the machine has 512 MB free: "
          + "choose a smaller network, a smaller input or data.limit")
    ) { try budget.check(available: 512 << 20) }
  }

  @Test func readsTheKernelsTable() {
    let table = "MemTotal:       24576 kB\nMemAvailable:   12345 kB\n"
    #expect(MemoryBudget.number("MemAvailable:", in: table) == 12345)
    #expect(MemoryBudget.number("MemFree:", in: table) == nil)
    #expect(MemoryBudget.available() ?? 1 > 0)
  }

  /// Of a container's limit what is cached of files is free, and no more than nothing is ever missing.
  @Test func readsTheControlGroup() {
    let statistics = "anon 100\nfile 650\ninactive_file 600\nactive_file 50\n"
    func room(_ limit: String?, _ used: String?) -> Int? {
      MemoryBudget.groupRoom(limit: limit, used: used, statistics: statistics)
    }
    #expect(room("800\n", "750\n") == 650)
    #expect(room("100\n", "750\n") == 0)
    #expect(room("max\n", "750\n") == nil && room(nil, nil) == nil)
    #expect(MemoryBudget.groupRoom(limit: "800", used: "750", statistics: nil) == 50)
  }

  /// While a training validates there are two loaders, each with its slots of images.
  @Test func aTrainingHasTwoLoaders() throws {
    let program = try NetworkProgram(NetworkPlan(Experiment.small.network), batch: 4, threads: 1)
    let images = BatchLoader.slots * 4 * 28 * 28 * MemoryLayout<Float>.stride
    #expect(
      MemoryBudget(program).needed - MemoryBudget(program, loaders: 1).needed == images)
  }
}
