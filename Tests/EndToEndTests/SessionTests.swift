import Architecture
import EventLog
import Experiments
import Foundation
import Glibc
import PseudoTerminal
import Subprocess
import SystemPackage
import TestSupport
import Testing

/// The built program on a pseudo-terminal.
@Suite(.serialized) struct SessionTests {
  private static let environment = ["TERM": "xterm-256color", "LANG": "C.UTF-8"]

  /// A folder to work in; no worker that was started there outlives the test.
  private func withFolder(_ body: (String) throws -> Void) throws {
    try withScratchFolder { folder in
      defer {
        for run in RunDirectory.list(root: "\(folder)/experiments") {
          if let worker = try? RunStatus.read(from: run).process, worker.isAlive {
            kill(worker.pid, SIGKILL)
          }
        }
      }
      try body(folder)
    }
  }

  private func start(
    _ arguments: [String] = [], in folder: String, environment: [String: String] = environment,
    width: Int = 100, height: Int = 30
  ) throws -> PseudoTerminal {
    try PseudoTerminal(
      Program.path, arguments, environment: environment, folder: folder, width: width,
      height: height)
  }

  /// The number behind `label` on the screen.
  private func number(after label: String, on screen: TerminalScreen) -> Double? {
    guard let range = screen.text.range(of: label + " ") else { return nil }
    let digits = screen.text[range.upperBound...].prefix { $0.isNumber || "., ".contains($0) }
    return digits.split(separator: " ").first.flatMap { Double($0.filter { $0 != "," }) }
  }

  /// The step that the progress pane tells.
  private func step(_ screen: TerminalScreen) -> Int {
    let match = screen.text.firstMatch(of: /step ([\d,]+)/)
    return match.flatMap { Int($0.1.filter { $0 != "," }) } ?? 0
  }

  private func run(in folder: String) throws -> RunDirectory {
    try #require(RunDirectory.list(root: "\(folder)/experiments").first)
  }

  /// A session that trains for long.
  private func startTraining(in folder: String) throws -> PseudoTerminal {
    try put(Array(Program.experiment(name: "demo", epochs: 4000).utf8), at: "\(folder)/demo.yaml")
    let terminal = try start(["demo.yaml"], in: folder)
    try terminal.wait(forText: "no run yet")
    terminal.type("t")
    try terminal.wait(forText: "running")
    return terminal
  }

  /// Composes, trains, sees the loss fall, quits, comes back to the same run, and stops it.
  @Test func composesTrainsQuitsAndComesBack() throws {
    try withFolder { folder in
      try put(
        Array(Program.experiment(name: "demo", epochs: 4000).utf8), at: "\(folder)/demo.yaml")
      let first = try start(["demo.yaml"], in: folder)
      try first.wait(forText: "no run yet")
      #expect(first.screen.isAlternate && !first.screen.isCursorVisible)
      // Seven rows down from the name: the blocks of the first stage.
      first.type("\u{1B}[B\u{1B}[B\u{1B}[Bjjjj")
      try first.wait(forText: "‹1›")
      first.type("\u{1B}[C")
      try first.wait(forText: "‹2›")
      // The layer table shows the block that came.
      try first.wait(forText: "▸layer1.1.conv1")
      first.type("t")
      try first.wait(forText: "running")
      try first.wait(for: "a first loss") { number(after: "train", on: $0) != nil }
      let loss = try #require(number(after: "train", on: first.screen))
      try first.wait(for: "a lower loss than \(loss)") {
        (number(after: "train", on: $0) ?? .infinity) < 0.7 * loss
      }
      let stepAtQuit = step(first.screen)
      first.type("q")
      #expect(try first.waitForExit() == 0)
      #expect(first.hasModesAsBefore && !first.screen.isAlternate && first.screen.isCursorVisible)
      #expect(first.screen.text.contains("goes on training"))

      // It was a process of its own, and trains on.
      let worker = try #require(RunStatus.read(from: run(in: folder)).process)
      #expect(worker.isAlive && worker.pid != first.process)
      let saved = try Experiment.load("\(folder)/experiments/demo/experiment.yaml")
      #expect(saved.network.stages[0].blocks == 2)

      let second = try start(in: folder)
      try second.wait(forText: "running")
      try second.wait(for: "a later step than \(stepAtQuit)") { step($0) > stepAtQuit }
      let stepNow = step(second.screen)
      try second.wait(for: "progress") { step($0) > stepNow }
      second.type("P")
      try second.wait(for: "run that is paused") {
        $0.text.contains("paused") && !$0.text.contains("running")
      }
      second.type("q")
      #expect(try second.waitForExit() == 0)
      #expect(second.screen.text.contains("is paused at step"))

      let third = try start(in: folder)
      try third.wait(forText: "paused")
      third.type("x")
      try third.wait(forText: "Stop experiments/demo/runs/")
      third.type("\r")
      try third.wait(forText: "stopped")
      third.type("q")
      #expect(try third.waitForExit() == 0)
      let status = try RunStatus.read(from: run(in: folder))
      #expect(status.state == .stopped && status.exitCode == 143 && !worker.isAlive)
    }
  }

  /// With the keys of the `?` screen alone: ResNet-50 becomes ResNeXt-50 32×4d, and its cost is seen
  /// to change.
  @Test func buildsResNeXtFromResNet() throws {
    try withFolder { folder in
      let terminal = try start(in: folder)
      try terminal.wait(forText: "no run yet")
      terminal.type("?")
      for line in [
        "p          presets", "down, j    down", "enter      type", "c          compare",
      ] {
        try terminal.wait(forText: line)
      }
      terminal.type("?p")
      try terminal.wait(forText: "search")
      terminal.type("resnet50\r")
      try terminal.wait(forText: "23.52 M")
      terminal.type(String(repeating: "j", count: 29))
      try terminal.wait(for: "the groups") { $0.text.contains(/groups +‹1›/) }
      terminal.type("\r32\r")
      try terminal.wait(for: "32 groups") { $0.text.contains(/groups +‹32›/) }
      terminal.type("j\r4\r")
      // 25,028,904 parameters of 25,557,032 at 1000 classes; at 10 classes and one channel:
      try terminal.wait(for: "fewer parameters") {
        $0.text.contains(/parameters +22\.99 M -2\.2 %/)
      }
      try terminal.wait(for: "more MACs") { $0.text.contains(/MACs +80\.50 M \+3\.3 %/) }
      #expect(terminal.screen.text.contains("against resnet50"))
      terminal.type("c")
      try terminal.wait(forText: "width_per_group")
      terminal.type("qq")
      #expect(try terminal.waitForExit() == 0)
    }
  }

  /// Text that comes faster than it is drawn is whole, whether the terminal marks it as pasted or not.
  @Test func longTextArrivesWhole() throws {
    try withFolder { folder in
      let terminal = try start(in: folder, width: 160, height: 60)
      try terminal.wait(forText: "no run yet")
      #expect(String(decoding: terminal.output, as: UTF8.self).contains("\u{1B}[?2004h"))
      let line =
        "{preset: resnet18, input: [1, 28, 28], classes: 10, stages: [{blocks: 3, channels: 48}, "
        + "{blocks: 3, channels: 96, stride: 2}, {blocks: 5, channels: 192, stride: 2}], "
        + "shortcut: projection_all, conv_bias: true, init: xavier_uniform}"
      let pasted = line.replacing("192", with: "144").replacing(
        "xavier_uniform", with: "lecun_normal")
      terminal.type("\u{1B}[200~\(pasted)\u{1B}[201~\r")
      try terminal.wait(for: "the pasted network") {
        $0.text.contains(/init +lecun_normal/) && $0.text.contains(/conv bias +yes/)
      }
      try terminal.wait(for: "the last stage's channels") { $0.text.contains(/channels +144/) }
      // The same field is selected still.
      terminal.type("\r\(line)\r")
      try terminal.wait(for: "the network") {
        $0.text.contains(/init +xavier_uniform/) && $0.text.contains(/channels +192/)
      }
      terminal.type("q")
      #expect(try terminal.waitForExit() == 0)
      #expect(String(decoding: terminal.output, as: UTF8.self).contains("\u{1B}[?2004l"))
    }
  }

  /// The terminal goes away; the training does not.
  @Test func aRunSurvivesTheTerminalsHangUp() throws {
    try withFolder { folder in
      try put(
        Array(Program.experiment(name: "demo", epochs: 4000).utf8), at: "\(folder)/demo.yaml")
      let terminal = try start(["demo.yaml"], in: folder)
      terminal.type("t")
      try terminal.wait(for: "steps") { step($0) > 0 }
      let worker = try #require(RunStatus.read(from: run(in: folder)).process)
      terminal.hangUp()
      _ = try terminal.waitForExit()
      let log = try #require(run(in: folder).eventFiles().first)
      func size() throws -> Int { try bytes(of: log).count }
      let before = try size()
      try waitUntil("a log that grows") { try size() > before }
      #expect(worker.isAlive)
      kill(worker.pid, SIGTERM)
      try waitUntil("a worker that ends") { !worker.isAlive }
      let status = try RunStatus.read(from: run(in: folder))
      #expect(status.state == .stopped && status.exitCode == 143)
    }
  }

  /// A training that is watched as it is begun outlives its terminal, too.
  @Test func trainingOutlivesItsTerminal() throws {
    try withFolder { folder in
      let terminal = try startTrain(in: folder)
      let run = RunDirectory(path: "\(folder)/experiments/demo/runs/one")
      let log = try #require(run.eventFiles().first)
      terminal.hangUp()
      let before = try bytes(of: log).count
      try waitUntil("a log that grows") { try bytes(of: log).count > before + 1000 }
      #expect(terminal.isRunning)
      kill(terminal.process, SIGTERM)
      _ = try terminal.waitForExit()
      // It has nobody left to tell.
      let status = try RunStatus.read(from: run)
      #expect(status.state == .stopped && status.exitCode == 143)
    }
  }

  /// Ctrl-C stops it behind a checkpoint.
  @Test func trainingIsInterrupted() throws {
    try withFolder { folder in
      let terminal = try startTrain(in: folder)
      terminal.type("\u{3}")
      #expect(try terminal.waitForExit() == 130)
      let run = RunDirectory(path: "\(folder)/experiments/demo/runs/one")
      let status = try RunStatus.read(from: run)
      #expect(status.state == .stopped && status.exitCode == 130)
      #expect(Checkpoint.latest(in: run)?.position.step == status.step)
    }
  }

  /// `train` with its bar.
  private func startTrain(in folder: String) throws -> PseudoTerminal {
    try put(Array(Program.experiment(name: "demo", epochs: 4000).utf8), at: "\(folder)/demo.yaml")
    let terminal = try start(
      ["train", "demo.yaml", "--run", "experiments/demo/runs/one", "--threads", "1"], in: folder)
    try terminal.wait(forText: "ETA")
    return terminal
  }

  @Test func followsItsSize() throws {
    try withFolder { folder in
      let terminal = try start(in: folder)
      try terminal.wait(forText: "no run yet")
      terminal.resize(width: 60, height: 20)
      try terminal.wait(forText: "it has 60×20")
      terminal.resize(width: 120, height: 40)
      try terminal.wait(forText: "6 runs")
      terminal.type("\u{3}")
      #expect(try terminal.waitForExit() == 0)
      #expect(terminal.hasModesAsBefore && !terminal.screen.isAlternate)
    }
  }

  /// Whatever ends it, the terminal is as it was.
  @Test(arguments: [SIGTERM, SIGQUIT, SIGSEGV]) func signalsLeaveTheTerminal(signal: Int32) throws {
    try withFolder { folder in
      let terminal = try start(in: folder)
      try terminal.wait(forText: "no run yet")
      kill(terminal.process, signal)
      #expect(try terminal.waitForExit() == 128 + signal)
      #expect(terminal.hasModesAsBefore && !terminal.screen.isAlternate)
      #expect(terminal.screen.isCursorVisible)
    }
  }

  /// Continued after something has written over it, the screen is whole.
  @Test func comesBackAfterAStop() throws {
    try withFolder { folder in
      let terminal = try start(in: folder)
      try terminal.wait(forText: "no run yet")
      kill(terminal.process, SIGSTOP)
      terminal.drain()
      terminal.resize(width: 100, height: 30)
      kill(terminal.process, SIGCONT)
      try terminal.wait(forText: "no run yet")
      #expect(terminal.screen.isAlternate)
      terminal.type("q")
      #expect(try terminal.waitForExit() == 0)
    }
  }

  /// macOS names the encoding alone.
  @Test func anEncodingIsALocale() throws {
    try withFolder { folder in
      let terminal = try start(
        in: folder, environment: ["TERM": "xterm-256color", "LC_CTYPE": "UTF-8"])
      try terminal.wait(forText: "╭─ 1 composer")
      terminal.type("q")
      #expect(try terminal.waitForExit() == 0)
    }
  }

  /// A worker that cannot start says why on the screen.
  @Test func aFailedStartIsExplained() throws {
    try withFolder { folder in
      let yaml = Program.experiment(name: "demo", epochs: 1)
        .replacing("set: procedural", with: "set: mnist")
      try put(Array(yaml.utf8), at: "\(folder)/demo.yaml")
      let missing = try start(["demo.yaml"], in: folder)
      try missing.wait(forText: "data.set: mnist is not on")
      missing.type("tq")
      #expect(try missing.waitForExit() == 0)
      #expect(try names(in: folder) == ["demo.yaml"])

      try FileManager.default.createDirectory(
        atPath: "\(folder)/data/mnist", withIntermediateDirectories: true)
      for name in [
        "train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1",
      ] {
        try put(Array("no data".utf8), at: "\(folder)/data/mnist/\(name)-ubyte")
      }
      let broken = try start(
        ["demo.yaml"], in: folder,
        environment: Self.environment.merging(["RESNET_TUI_DATA": "data"]) { $1 })
      try broken.wait(forText: "no run yet")
      broken.type("t")
      try broken.wait(forText: "not an IDX file")
      broken.type(" q")
      #expect(try broken.waitForExit() == 0)
    }
  }

  @Test(arguments: [
    (["LANG": "C.UTF-8"], "TERM is not set"),
    (["TERM": "no-such-terminal"], "no-such-terminal"),
    (["TERM": "dumb"], "cannot place the cursor"),
  ])
  func aTerminalThatCannotBeOpened(environment: [String: String], reason: String) throws {
    try withFolder { folder in
      let terminal = try start(in: folder, environment: environment)
      #expect(try terminal.waitForExit() == 1)
      let text = String(decoding: terminal.output, as: UTF8.self)
      #expect(text.contains(reason) && text.split(whereSeparator: \.isNewline).count == 1)
      #expect(terminal.hasModesAsBefore && !terminal.screen.isAlternate)
    }
  }

  /// A terminal whose colours are 24-bit numbers gets the theme's own.
  @Test func directColours() async throws {
    try await withTerminfo(
      """
      test-direct|xterm with direct colours,
        RGB, colors#0x1000000, pairs#0x10000,
        setab=\\E[48;2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%dm,
        setaf=\\E[38;2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%dm,
        use=xterm-256color,

      """
    ) { folder in
      let environment = ["TERM": "test-direct", "TERMINFO": folder, "LANG": "C.UTF-8"]
      let terminal = try start(in: folder, environment: environment)
      try terminal.wait(forText: "no run yet")
      // The accent of the dark theme, 0x7CC7FF.
      #expect(String(decoding: terminal.output, as: UTF8.self).contains("\u{1B}[38;2;124;199;255m"))
      terminal.type("q")
      #expect(try terminal.waitForExit() == 0)
      let doctor = try start(["doctor"], in: folder, environment: environment)
      #expect(try doctor.waitForExit() == 0)
      #expect(doctor.screen.text.contains("24 bits, by the terminfo entry test-direct"))
    }
  }

  /// A folder with a compiled terminfo entry.
  private func withTerminfo(_ source: String, _ body: (String) throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("resnet-tui-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try put(Array(source.utf8), at: "\(folder)/source")
    let tic = try await Subprocess.run(
      .path("/usr/bin/tic"), arguments: ["-x", "-o", folder, "\(folder)/source"],
      output: .discarded, error: .string(limit: 1 << 16))
    try #require(tic.terminationStatus.isSuccess, "\(tic.standardError)")
    try body(folder)
  }

  /// What a session leaves, the next one begins with; a file that makes no sense is said.
  @Test func remembersItsSettings() throws {
    try withFolder { folder in
      let environment = Self.environment.merging(["XDG_CONFIG_HOME": "\(folder)/config"]) { $1 }
      let file = "\(folder)/config/resnet-tui/settings.yaml"
      let first = try start(in: folder, environment: environment)
      try first.wait(forText: "no run yet")
      first.type(":theme light\r")
      first.drain()
      first.type("8:smooth 0.8\r")
      first.drain()
      first.type("q")
      #expect(try first.waitForExit() == 0)
      let text = String(decoding: try bytes(of: file), as: UTF8.self)
      #expect(text.contains("theme: light") && text.contains("smoothing: 0.8"))
      #expect(text.contains("focus: scalars"))

      let second = try start(in: folder, environment: environment)
      try second.wait(forText: "8 scalars")
      // The light theme's text, 0x24292F, of 256 colours.
      #expect(String(decoding: second.output, as: UTF8.self).contains("38;5;235"))
      second.type("q")
      #expect(try second.waitForExit() == 0)
      #expect(String(decoding: try bytes(of: file), as: UTF8.self) == text)

      try put(Array("theme: [".utf8), at: file)
      let third = try start(in: folder, environment: environment)
      try third.wait(forText: "cannot be understood")
      third.type(" :theme light\r")
      third.drain()
      third.type("q")
      #expect(try third.waitForExit() == 0)
      #expect(String(decoding: try bytes(of: file), as: UTF8.self) == "theme: [")
    }
  }

  /// A run whose worker was killed says so, and goes on from its last checkpoint with `R`.
  @Test func killedRunsAreGoneOnWith() throws {
    try withFolder { folder in
      let terminal = try startTraining(in: folder)
      let run = try #require(RunDirectory.list(root: "\(folder)/experiments").first)
      try terminal.wait(for: "a checkpoint") { _ in !Checkpoint.list(in: run).isEmpty }
      let worker = try #require(try RunStatus.read(from: run).process)
      kill(worker.pid, SIGKILL)
      try terminal.wait(forText: "its process is gone")
      terminal.type("6R")
      try terminal.wait(forText: "running")
      try terminal.wait(for: "another worker") { _ in
        (try? RunStatus.read(from: run)).map {
          $0.state == .running && $0.process != worker
        } ?? false
      }
      // Every key of the question.
      for key in ["n", "q", "\u{1B}"] {
        terminal.type("x")
        try terminal.wait(forText: "Stop experiments")
        terminal.type(key)
        try terminal.wait(for: "no question") { !$0.text.contains("Stop experiments") }
      }
      terminal.type("x")
      try terminal.wait(forText: "Stop experiments")
      terminal.type("y")
      try terminal.wait(forText: "stopped")
      terminal.type("q")
      #expect(try terminal.waitForExit() == 0)
      #expect(TerminalGrammar.stray(in: terminal.output) == nil)
      var history = RunHistory()
      for file in run.eventFiles() {
        var reader = EventLogReader(path: file)
        history.apply(try reader.pollToEnd())
      }
      let steps = try #require(history.series("loss/train")?.buckets)
      #expect(zip(steps, steps.dropFirst()).allSatisfy { $0.lastStep < $1.firstStep })
      #expect(history.remarks.contains { $0.text == "resumed" })
    }
  }

  /// A queued training survives the dashboard, and begins when the one before it has ended.
  @Test func queuedTrainingsWaitForTheirTurn() throws {
    try withFolder { folder in
      let first = try startTraining(in: folder)
      first.type("t")
      try first.wait(forText: "wait for its turn")
      first.type("w")
      // What was asked for is not lost, however soon the dashboard goes.
      first.type("q")
      #expect(try first.waitForExit() == 0)
      func statuses() -> [RunStatus] {
        RunDirectory.list(root: "\(folder)/experiments").compactMap {
          try? RunStatus.read(from: $0)
        }
      }
      let watching = try start(in: folder)
      try watching.wait(for: "one at work and one in the queue") { _ in
        Set(statuses().map(\.state)) == [.running, .queued]
      }
      watching.type("q")
      #expect(try watching.waitForExit() == 0)
      let working = try #require(statuses().first { $0.state == .running }?.process)
      let waiting = try #require(statuses().first { $0.state == .queued }?.process)
      #expect(waiting.isAlive)
      kill(working.pid, SIGTERM)
      let second = try start(in: folder)
      try second.wait(forText: "running")
      try second.wait(for: "the second at work") { _ in
        statuses().contains { $0.state == .running && $0.process == waiting }
      }
      second.type("q")
      #expect(try second.waitForExit() == 0)
      kill(waiting.pid, SIGKILL)
    }
  }

  /// It waits for a training that has only been asked for, too.
  @Test func queuesBehindWhatIsBeingStarted() throws {
    try withFolder { folder in
      let file = "\(folder)/demo.yaml"
      try put(Array(Program.experiment(name: "demo", epochs: 4000).utf8), at: file)
      let terminal = try start(["demo.yaml"], in: folder)
      try terminal.wait(forText: "no run yet")
      terminal.type("ttw")
      func states() -> [RunStatus.State] {
        RunDirectory.list(root: "\(folder)/experiments").compactMap {
          (try? RunStatus.read(from: $0))?.state
        }
      }
      try terminal.wait(for: "one at work and one in the queue") { _ in
        Set(states()) == [.running, .queued]
      }
      terminal.type("q")
      #expect(try terminal.waitForExit() == 0)
    }
  }

  /// `Y` puts text into the terminal's clipboard.
  @Test func copies() throws {
    try withFolder { folder in
      let terminal = try start(in: folder)
      try terminal.wait(forText: "no run yet")
      terminal.type("Y")
      try terminal.wait(forText: "copied the network as one line")
      let output = String(decoding: terminal.output, as: UTF8.self)
      let copied = try #require(output.firstMatch(of: /\u{1B}\]52;c;([A-Za-z0-9+\/=]+)\u{07}/))
      let text = try #require(Data(base64Encoded: String(copied.1)))
      #expect(String(decoding: text, as: UTF8.self).contains("stages:"))
      terminal.type("q")
      #expect(try terminal.waitForExit() == 0)
    }
  }

  /// Logs that others wrote, below one folder.
  @Test func watchesAFolder() throws {
    try withFolder { folder in
      for run in ["logs/a", "logs/b/train"] {
        try FileManager.default.createDirectory(
          atPath: "\(folder)/\(run)", withIntermediateDirectories: true)
        let writer = try EventLogWriter(
          creating: "\(folder)/\(run)/events.out.tfevents.1.host", wallTime: 1)
        for step in 1...50 {
          try writer.append(
            step: step, wallTime: Double(step), scalars: [("train/loss", 1 / Float(step))])
        }
        writer.close()
      }
      let terminal = try start(["watch", "logs"], in: folder)
      try terminal.wait(forText: "b/train")
      try terminal.wait(forText: "train/loss")
      terminal.type("q")
      #expect(try terminal.waitForExit() == 0)
      let refused = try start(["watch", "none"], in: folder)
      #expect(try refused.waitForExit() == 65)
      #expect(refused.screen.text.contains("no such folder"))
    }
  }

  /// Where the locale knows ASCII only, so does the screen.
  @Test func asciiFallback() throws {
    try withFolder { folder in
      let terminal = try start(in: folder, environment: ["TERM": "vt100", "LC_ALL": "C"])
      try terminal.wait(forText: "no run yet")
      try terminal.wait(forText: "+- 1 composer")
      #expect(terminal.output.allSatisfy { $0 < 0x80 })
      terminal.type("q")
      #expect(try terminal.waitForExit() == 0)
    }
  }
}
