import Testing

@testable import Randomness

@Suite struct PhiloxTests {
  /// The known-answer vectors that accompany Salmon et al.'s Random123 library.
  @Test func knownAnswers() {
    let zero = Philox.rounds(counter: (0, 0, 0, 0), key: (0, 0))
    #expect(zero == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    let ones = Philox.rounds(counter: (.max, .max, .max, .max), key: (.max, .max))
    #expect(ones == (0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
  }

  @Test func streamsAreReproducibleAndDistinct() {
    var first = Philox(seed: 7, purpose: "shuffle", 1)
    var again = Philox(seed: 7, purpose: "shuffle", 1)
    var other = Philox(seed: 7, purpose: "shuffle", 2)
    let drawn = (0..<8).map { _ in first.next() }
    #expect(drawn == (0..<8).map { _ in again.next() })
    #expect(drawn != (0..<8).map { _ in other.next() })
  }

  @Test func uniformHasTheRightMeanAndRange() {
    var generator = Philox(seed: 1)
    let draws = (0..<10_000).map { _ in generator.uniform() }
    #expect(draws.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(abs(draws.reduce(0, +) / 10_000 - 0.5) < 0.01)
  }
}
