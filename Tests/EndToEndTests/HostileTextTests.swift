import Architecture
import Cells
import EventLog
import Experiments
import Foundation
import PseudoTerminal
import TestSupport
import Testing

@testable import Dashboard

/// Names, tags, notes and labels that mean harm, all the way to what is written.
@Suite(.serialized) struct HostileTextTests {
  /// What a terminal, a browser or a reader's eye could be led astray by.
  private static let texts = [
    "\u{1B}[2J\u{1B}[H", "\u{1B}]0;owned\u{7}", "\u{1B}]52;c;ZXZpbA==\u{7}", "\u{1B}P1$r\u{1B}\\",
    "\u{1B}[?1049l", "\u{1B}c", "\u{9B}31m", "\u{9D}0;owned\u{9C}", "\u{90}q\u{9C}", "a\rb\nc\td",
    "\u{8}\u{8}\u{8}", "\u{7F}\u{0}\u{5}", "\u{202E}live\u{202C}", "\u{2066}x\u{2069}\u{200F}",
    "\u{61C}\u{200E}\u{FEFF}\u{200B}", "\u{2028}\u{2029}\u{85}", "\u{E0001}\u{E0041}",
    "a" + String(repeating: "\u{301}", count: 500), String(repeating: "\u{20E3}", count: 50),
    "👩‍👩‍👧‍👦🏽", "<script>alert(1)</script>&amp;\"'>", "]]>", "$(touch owned)`touch owned`;", "%n%s%x",
    "../../owned", String(repeating: "層", count: 300), String(repeating: "x", count: 5000), "",
    "\u{FFFD}\u{FFFF}\u{10FFFF}\u{378}",
  ]

  /// A run whose every text means harm: texts of the log, tags, labels, the status.
  private func makeRun(at folder: String, index: Int) throws -> String {
    let text = Self.texts[index]
    let run = RunDirectory(experimentFolder: "\(folder)/experiments/demo", id: "run\(index)")
    try FileManager.default.createDirectory(
      atPath: run.path, withIntermediateDirectories: true)
    var experiment = Experiment.standard
    experiment.name = text
    experiment.description = text
    experiment.network.name = text
    let writer = try EventLogWriter(creating: run.eventPath(seconds: 7), wallTime: 7)
    func say(_ tag: String, _ words: String, step: Int = 0) throws {
      try writer.append(step: step, wallTime: 8, text: words, tag: tag)
    }
    try say("run/experiment", experiment.yaml())
    try say("run/info", text)
    try say("run/note", text)
    try say("run/name", text)
    try say("run/control", text)
    try say(text, text)
    var predictions = Predictions(classNames: Array(repeating: text, count: 10))
    predictions.shown = [Predictions.Prediction(label: 1, predicted: 2, confidence: 0.5)]
    predictions.confusion = Array(repeating: Array(repeating: 3, count: 10), count: 10)
    try say(Predictions.tag, predictions.text, step: 3)
    for step in 1...3 {
      try writer.append(
        step: step, wallTime: 8 + Double(step),
        scalars: [
          ("loss/train", 1), ("loss/\(text)", 2), (text, 3), ("layers/\(text)/weight_norm", 1),
        ])
    }
    writer.close()
    try RunStatus(state: .failed, error: text, step: 3, totalSteps: 9, updated: 9).write(to: run)
    return run.path
  }

  /// Scalars that must stand in no output for people; newlines end its lines.
  private func unsafe(in text: String, besides: Set<Unicode.Scalar> = ["\n"]) -> Unicode.Scalar? {
    text.unicodeScalars.first { scalar in
      guard !besides.contains(scalar) else { return false }
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned:
        return true
      default: return false
      }
    }
  }

  /// Text, colours and pictures hold symbols where the log holds harm.
  @Test func replaysHoldNothingButSymbols() async throws {
    try await withAsyncScratchFolder { folder in
      var count = 0
      for index in Self.texts.indices {
        let run = try makeRun(at: folder, index: index)
        for options in [
          ["--format", "text"], ["--format", "text", "--pane", "scalars"],
          ["--format", "text", "--pane", "predictions", "--keys", "vv"],
          ["--format", "text", "--size", "200x60", "--keys", "6c"],
        ] {
          let replay = try await Program.run(["replay", run] + options, in: folder)
          #expect(replay.code == 0 && !replay.output.isEmpty, "\(index) \(replay.error)")
          #expect(unsafe(in: replay.output) == nil, "\(index) \(options)")
          #expect(unsafe(in: replay.error) == nil)
          count += 1
        }
        let ansi = try await Program.run(["replay", run, "--format", "ansi"], in: folder)
        // Rows, newlines and SGR sequences only.
        let plain = ansi.output.replacing(/\x1B\[[0-9;]*m/, with: "")
        #expect(ansi.code == 0 && unsafe(in: plain) == nil, "\(index)")
        let svg = try await Program.run(["replay", run, "--format", "svg"], in: folder)
        #expect(svg.code == 0 && unsafe(in: svg.output) == nil, "\(index)")
        #expect(XMLCheck.isWellFormed(svg.output), "\(index)")
        #expect(!svg.output.contains("<script"))
        let json = try await Program.run(["replay", run, "--format", "json"], in: folder)
        #expect(json.code == 0)
        let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
        #expect(object is [String: Any])
        count += 3
      }
      for command in [
        ["runs"], ["compare"] + ["run0", "run1"].map { "experiments/demo/runs/\($0)" },
      ] {
        let table = try await Program.run(command, in: folder)
        #expect(table.code == 0 && unsafe(in: table.output) == nil, "\(command)")
        count += 1
      }
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/owned"))
      print("hostile text: \(Self.texts.count) texts in \(count) outputs")
    }
  }

  /// Whatever the logs say, the terminal gets printable text and the sequences of ncurses.
  @Test func terminalsGetNothingButSymbols() async throws {
    try await withAsyncScratchFolder { folder in
      for index in Self.texts.indices { _ = try makeRun(at: folder, index: index) }
      let terminal = try PseudoTerminal(
        Program.path, ["watch", "experiments"],
        environment: ["TERM": "xterm-256color", "LANG": "C.UTF-8"], folder: folder, width: 120,
        height: 40)
      try terminal.wait(forText: "demo/run")
      terminal.type("6")
      for _ in Self.texts.indices {
        // Each run is shown and marked, in every pane that shows texts.
        for keys in ["\r", " ", "2", "3", "5", "8", "8\r", "9v", "9vv", "6c\u{1B}", "6\u{1B}OB"] {
          terminal.type(keys)
          terminal.drain()
        }
      }
      for width in [20, 80, 200] {
        terminal.resize(width: width, height: 30)
        terminal.drain()
      }
      terminal.type("\u{1B}\u{1B}q")
      #expect(try terminal.waitForExit() == 0)
      #expect(TerminalGrammar.stray(in: terminal.output) == nil)
      #expect(terminal.hasModesAsBefore)
      print("hostile text: \(terminal.output.count) bytes on the terminal, none of them stray")
    }
  }
}

/// As much of XML as an SVG of ours has: elements that are closed in their order, attributes in double
/// quotes, and the five references.
private enum XMLCheck {
  static func isWellFormed(_ text: String) -> Bool {
    var open: [Substring] = []
    var rest = text[...]
    while let start = rest.firstIndex(of: "<") {
      guard isText(rest[..<start]), let end = rest[start...].firstIndex(of: ">") else {
        return false
      }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("?") { continue }
      if tag.hasPrefix("/") {
        guard open.popLast() == tag.dropFirst() else { return false }
        continue
      }
      guard
        let match = tag.wholeMatch(
          of: /([a-zA-Z]+)((?:\s+[a-zA-Z:-]+="[^"<]*")*)\s*(\/?)/)
      else { return false }
      guard isText(match.2) else { return false }
      if match.3.isEmpty { open.append(match.1) }
    }
    return open.isEmpty && isText(rest)
  }

  private static func isText(_ text: Substring) -> Bool {
    !text.contains(">")
      && text.matches(of: /&/).count
        == text.matches(of: /&(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9A-Fa-f]+);/).count
  }
}
