import Testing

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
    #expect(MemoryBudget.kilobytes("MemAvailable:", in: table) == 12345)
    #expect(MemoryBudget.kilobytes("MemFree:", in: table) == nil)
    #expect(MemoryBudget.available() ?? 1 > 0)
  }
}
