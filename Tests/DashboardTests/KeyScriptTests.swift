import Cells
import Testing

@testable import Dashboard

@Suite struct KeyScriptTests {
  @Test func keys() throws {
    #expect(try KeyScript("").keys.isEmpty)
    #expect(
      try KeyScript("9+<down><enter>層<^U><space><<>>").keys == [
        .character("9"), .character("+"), .down, .enter, .character("層"), .control("u"),
        .character(" "), .character("<"), .character(">"),
      ])
  }

  /// Every key of the table has a name that a script can say.
  @Test func everyBoundKeyHasAName() throws {
    for key in KeyBinding.all.flatMap(\.keys) {
      let name =
        if case .character(let character) = key, character != " " {
          character == "<" ? "<<>" : String(character)
        } else {
          "<\(key.name)>"
        }
      #expect(try KeyScript(name).keys == [key], "\(name)")
    }
  }

  @Test(arguments: ["<", "<enter", "<nothing>", "a<>", "<^>", "<^12>"])
  func mistakes(text: String) {
    #expect(throws: KeyScriptError.self) { try KeyScript(text) }
  }
}
