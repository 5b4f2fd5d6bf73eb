import FuzzTargets
import Testing

/// That the fuzzing would notice.
@Suite struct FuzzRunTests {
  private static func target(
    _ check: @escaping @Sendable ([UInt8]) throws(FuzzFailure) -> Void
  ) -> FuzzTarget {
    FuzzTarget(
      name: "own", lengthLimit: 64, shortRun: 10, dictionary: ["word"], seeds: [], check: check)
  }

  @Test func inputsFollowFromSeedAndNumber() {
    let target = Self.target { _ in }
    let corpus = [Array("a longer input 1234".utf8), [], [0, 1, 2]]
    let mutator = Mutator(target: target, corpus: corpus, seed: 1)
    let inputs = (0..<1000).map(mutator.input)
    #expect(inputs == (0..<1000).map(mutator.input))
    #expect(inputs != (0..<1000).map(Mutator(target: target, corpus: corpus, seed: 2).input))
    #expect(inputs.allSatisfy { $0.count <= target.lengthLimit })
    #expect(Set(inputs).count > 800)
    #expect(inputs.contains { String(decoding: $0, as: UTF8.self).contains("word") })
  }

  /// A failure names the execution, whose input can be had again.
  @Test func failuresAreFound() throws {
    let target = Self.target { bytes throws(FuzzFailure) in
      if bytes.contains(0x80) { throw FuzzFailure("has an 80") }
    }
    let run = FuzzRun(target, corpus: [[1], [2]], executions: 1000, seed: 1)
    let error = #expect(throws: FuzzFailure.self) { try run.run() }
    let text = try #require(error).description
    let number = try #require((0..<1000).first { run.input($0).contains(0x80) })
    #expect(text.hasPrefix("execution \(number): has an 80"))
    #expect(text.hasSuffix(FuzzRun.base64(run.input(number))))
  }

  @Test func theCorpusComesFirst() throws {
    let target = Self.target { bytes throws(FuzzFailure) in
      if bytes == [2] { throw FuzzFailure("is in the corpus") }
    }
    let run = FuzzRun(target, corpus: [[1], [2]], executions: 0, seed: 1)
    let error = #expect(throws: FuzzFailure.self) { try run.run() }
    #expect(error?.description.hasPrefix("execution -1:") == true)
    #expect(run.input(-2) == [1] && run.input(-1) == [2])
  }

  @Test func slowInputsAreFound() {
    let target = Self.target { _ in
      let end = FuzzRun.threadSeconds + 0.02
      while FuzzRun.threadSeconds < end {}
    }
    let run = FuzzRun(target, corpus: [[1]], executions: 0, seed: 1, timeLimit: 0.01)
    let error = #expect(throws: FuzzFailure.self) { try run.run() }
    #expect(error?.description.contains(" s are less than 0.01") == true)
  }

  @Test func growthIsFound() {
    let run = FuzzRun(Self.target { _ in }, corpus: [[1]], executions: 0, seed: 1, memoryLimit: 0)
    let error = #expect(throws: FuzzFailure.self) { try run.run() }
    #expect(error?.description.contains(" MB are less than 0") == true)
  }
}
