import Cells
import Testing

@testable import CursesTerminal

@Suite struct EscapeSequenceTests {
  @Test(arguments: [
    ("[A", Key.up), ("OA", .up), ("[1;5B", .down), ("[H", .home), ("[4~", .end), ("[5~", .pageUp),
    ("[3;2~", .delete), ("[Z", .backTab), ("OM", .enter), ("[15~", .function(5)),
    ("[[A", .function(1)), ("OP", .function(1)),
  ])
  func keys(text: String, key: Key) throws {
    var scalars = Array(text.unicodeScalars.map(\.value))
    var sequence = try #require(EscapeSequence(introducer: scalars.removeFirst()))
    for value in scalars {
      #expect(!sequence.isComplete)
      sequence.append(value)
    }
    #expect(sequence.isComplete && sequence.key == key)
  }

  @Test(arguments: [("[200~", true), ("[201~", false), ("[20~", false), ("[200;2~", false)])
  func pastes(text: String, begins: Bool) throws {
    var scalars = Array(text.unicodeScalars.map(\.value))
    var sequence = try #require(EscapeSequence(introducer: scalars.removeFirst()))
    for value in scalars { sequence.append(value) }
    #expect(sequence.beginsPaste == begins)
  }

  @Test func noiseEnds() throws {
    var sequence = try #require(EscapeSequence(introducer: 0x5B))
    var count = 0
    while !sequence.isComplete {
      sequence.append(0x3B)
      count += 1
      #expect(count < 100)
    }
    #expect(sequence.key == nil)
    #expect(EscapeSequence(introducer: 0x61) == nil)
  }
}
