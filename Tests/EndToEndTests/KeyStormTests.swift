import Cells
import Experiments
import PseudoTerminal
import TestSupport
import Testing

@testable import Dashboard

/// Every key of the binding table on a pseudo-terminal, and thousands of them at random.
@Suite(.serialized) struct KeyStormTests {
  /// Keys that end or stop the program, or start a training: other tests press them.
  private static let apart: Set<Action> = [.quit, .suspend, .start, .resumeRun]

  /// What xterm sends for a key; nil for keys that it has no bytes for.
  private func bytes(_ key: Key) -> String? {
    switch key {
    case .character(let character): String(character)
    case .control(let character):
      character.asciiValue.flatMap { Unicode.Scalar($0 & 0x1F) }.map { String(Character($0)) }
    case .enter: "\r"
    case .escape: "\u{1B}"
    case .tab: "\t"
    case .backTab: "\u{1B}[Z"
    case .backspace: "\u{7F}"
    case .delete: "\u{1B}[3~"
    case .insert: "\u{1B}[2~"
    case .up: "\u{1B}OA"
    case .down: "\u{1B}OB"
    case .right: "\u{1B}OC"
    case .left: "\u{1B}OD"
    case .home: "\u{1B}OH"
    case .end: "\u{1B}OF"
    case .pageUp: "\u{1B}[5~"
    case .pageDown: "\u{1B}[6~"
    case .function: nil
    }
  }

  /// What leads to a context from the composer.
  private func way(to context: KeyContext) -> String {
    switch context {
    case .always, .anywhere, .composer, .list: ""
    case .layers: "2"
    case .runs: "6"
    case .scalars: "8"
    case .predictions: "9"
    case .charts: "3"
    case .moment: "3T"
    case .prompt: ":"
    case .help: "?"
    case .presets: "p"
    case .compare: "6 \u{1B}OB c"
    // The question whether to stop a run needs one at work.
    case .dialog: ""
    }
  }

  /// What makes a binding act, once its context is there; it would have nothing to do otherwise.
  private func arrangement(for binding: KeyBinding) -> String {
    let (down, home) = ("\u{1B}OB", "\u{1B}OH")
    return switch (binding.context, binding.action) {
    case (_, .undo): "l"
    case (_, .redo): "lz"
    // The second stage's number of blocks, which has room below.
    case (.composer, _), (.list, _): home + String(repeating: "j", count: 10) + "l"
    case (.runs, .openRun): "\(home)\r\(down)"
    case (.runs, .reverseRuns): "s"
    case (.charts, .zoomOut), (.charts, .wholeAxis): "i"
    case (.charts, .panLeft): "ii"
    case (.charts, .panRight): "iiH"
    case (.charts, .moveCursor): "hh"
    case (.help, .up), (.presets, .up), (.presets, .pageUp), (.compare, .up), (.compare, .pageUp):
      down
    case (.anywhere, .focus(.composer)), (.anywhere, .peel): "2"
    default: ""
    }
  }

  private func withSession(_ body: (PseudoTerminal) throws -> Void) async throws {
    try await withAsyncScratchFolder { folder in
      try put(Array(Program.experiment(name: "demo", epochs: 1).utf8), at: "\(folder)/demo.yaml")
      for run in ["a", "b"] {
        let trained = try await Program.run(
          [
            "train", "demo.yaml", "--run", "experiments/demo/runs/\(run)", "--max-steps", "30",
            "--progress", "none",
          ], in: folder)
        #expect(trained.code == 0, "\(trained.error)")
      }
      let terminal = try PseudoTerminal(
        Program.path, [], environment: ["TERM": "xterm-256color", "LANG": "C.UTF-8"],
        folder: folder, width: 100, height: 30)
      try terminal.wait(forText: "demo/b")
      try body(terminal)
    }
  }

  /// Every key of the table changes what is on the screen, at once.
  @Test func everyKeyIsHeard() async throws {
    try await withSession { terminal in
      var count = 0
      for binding in KeyBinding.all
      where !Self.apart.contains(binding.action) && binding.context != .dialog {
        for key in binding.keys {
          guard let bytes = bytes(key) else { continue }
          terminal.type("1" + way(to: binding.context) + arrangement(for: binding))
          // The log has to be read first.
          if binding.context == .moment { try terminal.wait(forText: "the end") }
          terminal.drain()
          terminal.type(bytes)
          #expect(terminal.answers(), "\(binding.context) \(key) \(binding.label)")
          terminal.drain()
          // Whatever that did, escape leads back, and the program answers.
          for _ in 0..<6 {
            terminal.type("\u{1B}")
            terminal.drain()
          }
          try #require(terminal.isRunning, "\(binding.context) \(key)")
          count += 1
        }
      }
      terminal.type("1?")
      try terminal.wait(forText: "^C         quit")
      terminal.type("q1q")
      #expect(try terminal.waitForExit() == 0)
      #expect(terminal.hasModesAsBefore)
      #expect(TerminalGrammar.stray(in: terminal.output) == nil)
      print("\(count) keys pressed")
      #expect(count > 100)
    }
  }

  /// Ten thousand keys, sizes from 1×1 to 500×200 and mouse reports: no crash, no stuck screen, and
  /// the terminal is given back as it was.
  @Test func survivesAStorm() async throws {
    try await withSession { terminal in
      var random = SeededGenerator(state: 2026)
      let keys =
        // Without those that quit, suspend or train; and no word that is a command.
        Array("?+_123456789zZySXioHLOehjklabdDKJpPCYFcrsvA0/: ").map { String($0) }
        + [
          "\r", "\u{1B}", "\t", "\u{1B}[Z", "\u{1B}OA", "\u{1B}OB", "\u{1B}OC", "\u{1B}OD",
          "\u{1B}OH", "\u{1B}OF", "\u{1B}[5~", "\u{1B}[6~", "\u{7F}", "\u{1B}[3~", "\u{15}",
          "\u{1B}[200~{preset: resnet18}\u{1B}[201~", "層", "\u{1B}[99;99X", "\u{1}",
        ]
      var sent = 0
      while sent < 10_000 {
        for _ in 0..<40 {
          switch Int.random(in: 0..<20, using: &random) {
          case 0:
            let column = Int.random(in: 1...120, using: &random)
            let row = Int.random(in: 1...50, using: &random)
            let button = [0, 64, 65].randomElement(using: &random)!
            terminal.type("\u{1B}[<\(button);\(column);\(row)M\u{1B}[<\(button);\(column);\(row)m")
          default: terminal.type(keys.randomElement(using: &random)!)
          }
          sent += 1
        }
        if Int.random(in: 0..<4, using: &random) == 0 {
          terminal.resize(
            width: Int.random(in: 1...500, using: &random),
            height: Int.random(in: 1...200, using: &random))
        }
        terminal.drain()
        try #require(terminal.isRunning, "after \(sent) keys")
      }
      terminal.resize(width: 100, height: 30)
      for _ in 0..<8 {
        terminal.type("\u{1B}")
        terminal.drain()
      }
      terminal.type("1")
      try terminal.wait(forText: "1 composer")
      terminal.type("q")
      #expect(try terminal.waitForExit() == 0)
      #expect(terminal.hasModesAsBefore && !terminal.screen.isAlternate)
      #expect(TerminalGrammar.stray(in: terminal.output) == nil)
      print("\(sent) keys at random")
    }
  }
}
