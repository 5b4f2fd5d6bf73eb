import Foundation
import PseudoTerminal
import TestSupport
import Testing

/// `doctor` as a user runs it, with and without a terminal.
@Suite(.serialized) struct DoctorCommandTests {
  private struct Check: Decodable {
    var name, status, found: String
    var mend: String?
  }

  private func checks(
    in folder: String, environment: [String: String]
  ) async throws -> [String: Check] {
    let outcome = try await Program.run(["doctor", "--json"], in: folder, environment: environment)
    #expect(outcome.code == 0 && outcome.error.isEmpty)
    let list = try JSONDecoder().decode([Check].self, from: Data(outcome.output.utf8))
    return Dictionary(uniqueKeysWithValues: list.map { ($0.name, $0) })
  }

  /// The output of a terminal, and the screen's rows.
  private func show(
    in folder: String, environment: [String: String], width: Int = 80
  ) throws -> (output: String, rows: [String]) {
    let terminal = try PseudoTerminal(
      Program.path, ["doctor"], environment: environment, folder: folder, width: width, height: 60)
    #expect(try terminal.waitForExit() == 0)
    return (String(decoding: terminal.output, as: UTF8.self), terminal.screen.rows)
  }

  private static let full = ["TERM": "xterm-256color", "LANG": "C.UTF-8"]

  @Test func aPipeGetsPlainLines() async throws {
    try await withScratch { folder in
      let outcome = try await Program.run(
        ["doctor"], in: folder,
        environment: ["TERM": "xterm-256color", "LANG": "C", "COLORTERM": "truecolor"])
      #expect(outcome.code == 0 && outcome.error.isEmpty)
      #expect(outcome.output.utf8.allSatisfy { $0 == 0x0A || (0x20..<0x7F).contains($0) })
      let lines = outcome.output.split(separator: "\n")
      #expect(lines.allSatisfy { $0.count <= 80 })
      #expect(lines.contains { $0.hasPrefix("note     terminal") })
      #expect(lines.contains { $0.hasPrefix("warning  locale") && $0.contains("LANG=C") })
      #expect(lines.contains { $0.hasPrefix("ok       procedural") })
      // It looks, and leaves nothing behind.
      #expect(try names(in: folder).isEmpty)
    }
  }

  @Test func aTerminalGetsColours() async throws {
    try withScratchFolder { folder in
      let (output, rows) = try show(in: folder, environment: Self.full)
      #expect(output.contains("\u{1B}[32mok"))
      #expect(!output.contains("\u{1B}[?1049h"))
      #expect(rows[0].hasPrefix("ok       terminal"))
      #expect(rows[0].contains("xterm-256color, alternate screen, mouse"))
      #expect(rows[1].contains("80×60"))

      var environment = Self.full
      environment["NO_COLOR"] = "1"
      let plain = try show(in: folder, environment: environment)
      #expect(!plain.output.contains("\u{1B}"))
      #expect(plain.rows.contains { $0.hasPrefix("note     colours") && $0.contains("NO_COLOR") })
    }
  }

  @Test(arguments: [
    ("dumb", "problem  terminal"), ("no-such-type", "problem  terminal"),
    ("vt100", "note     terminal"),
  ])
  func otherTerminalsGetPlainLines(type: String, line: String) throws {
    try withScratchFolder { folder in
      let (output, rows) = try show(in: folder, environment: ["TERM": type, "LC_ALL": "C.UTF-8"])
      #expect(!output.contains("\u{1B}") && rows.contains { $0.hasPrefix(line) })
    }
  }

  /// Below the session's smallest size the lines are as narrow as the terminal.
  @Test func aNarrowTerminal() throws {
    try withScratchFolder { folder in
      let (output, _) = try show(in: folder, environment: Self.full, width: 50)
      let lines = output.replacing(/\u{1B}\[[0-9;]*m/, with: "").split(whereSeparator: \.isNewline)
      #expect(lines.allSatisfy { $0.count <= 50 })
      #expect(lines.contains { $0.hasPrefix("warning  size") && $0.contains("50×60") })
    }
  }

  @Test func surroundingsAreRead() async throws {
    try await withScratch { folder in
      let checks = try await checks(
        in: folder,
        environment: [
          "RESNET_TUI_DATA": "\(folder)/nowhere", "ONEDNN_MAX_CPU_ISA": "SSE41",
          "OMP_WAIT_POLICY": "active",
        ])
      #expect(checks["data"]?.status == "warning")
      #expect(checks["data"]?.found.contains("\(folder)/nowhere") == true)
      #expect(checks["oneDNN"]?.found.contains("SSE4.1") == true)
      #expect(checks["oneDNN"]?.mend == "unset ONEDNN_MAX_CPU_ISA")
      #expect(checks["OpenMP"]?.mend == "unset OMP_WAIT_POLICY")
      #expect(checks["mnist"]?.status == "note")
      #expect(checks["experiments"]?.status == "ok")
      #expect(checks["experiments"]?.found.contains("first training") == true)
    }
  }

  /// Files are opened, not only counted.
  @Test func damagedDataIsFound() async throws {
    try await withScratch { folder in
      let set = "\(folder)/mnist"
      try FileManager.default.createDirectory(atPath: set, withIntermediateDirectories: true)
      for split in ["train", "t10k"] {
        try put(
          [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 28, 0, 0, 0, 28] + Array(repeating: 7, count: 784),
          at: "\(set)/\(split)-images-idx3-ubyte")
        try put([0, 0, 8, 1, 0, 0, 0, 1, 5], at: "\(set)/\(split)-labels-idx1-ubyte")
      }
      let environment = ["RESNET_TUI_DATA": folder]
      let whole = try await checks(in: folder, environment: environment)
      #expect(whole["mnist"]?.status == "ok")
      #expect(whole["mnist"]?.found == "\(set), 1 + 1 images")

      try put([0, 0, 8, 1, 0, 0, 0, 1], at: "\(set)/t10k-labels-idx1-ubyte")
      let torn = try await checks(in: folder, environment: environment)
      #expect(torn["mnist"]?.status == "problem")
      #expect(torn["mnist"]?.found.contains("t10k-labels-idx1-ubyte: truncated") == true)
      #expect(torn["mnist"]?.mend == "fetch the file again")

      try FileManager.default.removeItem(atPath: "\(set)/t10k-labels-idx1-ubyte")
      let missing = try await checks(in: folder, environment: environment)
      #expect(missing["mnist"]?.status == "warning")
      #expect(missing["mnist"]?.found.contains("lacks t10k-labels-idx1-ubyte") == true)
    }
  }

  @Test func experimentsThatCannotBeKept() async throws {
    try await withScratch { folder in
      try put([], at: "\(folder)/experiments")
      let checks = try await checks(in: folder, environment: [:])
      #expect(checks["experiments"]?.status == "problem")
    }
  }

  private func withScratch(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("resnet-tui-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
  }
}
