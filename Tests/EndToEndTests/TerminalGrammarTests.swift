import PseudoTerminal
import Testing

@Suite struct TerminalGrammarTests {
  @Test(arguments: [
    "plain text\r\n", "\u{1B}[2J\u{1B}[12;40H\u{1B}[38;5;12m層 ▀⣿\u{1B}(B\u{1B}[m",
    "\u{1B}[?1049h\u{1B}[22;0;0t\u{1B}[?1006;1000h", "\u{1B}]52;c;aGk=\u{7}",
    "\u{1B}]2;title\u{1B}\\",
    "cut \u{1B}[1;", "\u{1B}7\u{1B}8\u{1B}M",
  ])
  func ofNcurses(text: String) {
    #expect(TerminalGrammar.stray(in: Array(text.utf8)) == nil)
  }

  @Test(arguments: [
    "bell\u{7}", "\u{1B}[5n", "\u{1B}c", "\u{1B}P1$r\u{1B}\\", "\u{1B}]8;;link\u{7}", "del\u{7F}",
    "c1 \u{9B}31m", "\u{202E}txt", "\u{E}",
  ])
  func ofNobody(text: String) {
    #expect(TerminalGrammar.stray(in: Array(text.utf8)) != nil)
  }

  @Test func invalidUTF8() {
    #expect(TerminalGrammar.stray(in: [0x41, 0xC3, 0x28]) != nil)
    #expect(TerminalGrammar.stray(in: [0xFF, 0xFE, 0x00, 0x00]) != nil)
    #expect(TerminalGrammar.stray(in: [0xE2, 0x96]) == nil)
  }
}
