import EventLog
import Experiments
import Foundation
import Glibc
import PseudoTerminal
import TestSupport
import Testing

/// Workers, dashboards and strangers that come and go in any order.
@Suite(.serialized) struct ProcessTests {
  private static let environment = ["TERM": "xterm-256color", "LANG": "C.UTF-8"]

  /// A run that trains for long, as its worker's process; killed afterwards.
  private func withWorker(
    _ body: (_ folder: String, _ run: RunDirectory, _ worker: Process) throws -> Void
  ) throws {
    try withScratchFolder { folder in
      try put(Array(Program.experiment(name: "demo", epochs: 4000).utf8), at: "\(folder)/demo.yaml")
      let run = RunDirectory(path: "\(folder)/experiments/demo/runs/one")
      let worker = try start("--run", run.path, in: folder)
      defer {
        kill(worker.processIdentifier, SIGKILL)
        worker.waitUntilExit()
      }
      try waitUntil("a worker at work") { state(run) == .running }
      try body(folder, run, worker)
    }
  }

  private func start(_ options: String..., in folder: String) throws -> Process {
    try Program.start(
      ["train", "demo.yaml", "--threads", "1", "--progress", "none"] + options, in: folder,
      environment: nil
    ).process
  }

  private func watch(_ folder: String) throws -> PseudoTerminal {
    try PseudoTerminal(
      Program.path, environment: Self.environment, folder: folder, width: 100, height: 30)
  }

  private func state(_ run: RunDirectory) -> RunStatus.EffectiveState? {
    (try? RunStatus.read(from: run))?.effectiveState()
  }

  private func length(_ run: RunDirectory) -> Int {
    run.eventFiles().last.map(EventFile.length) ?? 0
  }

  // MARK: Orders of dying

  /// A worker outlives its dashboards, however they go; a dashboard outlives workers, and says so.
  @Test func dieInAnyOrder() throws {
    var count = 0
    for dashboardEnd in ["killed", "hung up", "quit"] {
      for workerDiesFirst in [true, false] {
        try withWorker { folder, run, worker in
          let dashboard = try watch(folder)
          try dashboard.wait(forText: "running")
          if workerDiesFirst {
            kill(worker.processIdentifier, SIGKILL)
            worker.waitUntilExit()
            try dashboard.wait(forText: "crashed")
          }
          switch dashboardEnd {
          case "killed":
            kill(dashboard.process, SIGKILL)
            #expect(try dashboard.waitForExit() == 128 + SIGKILL)
          case "hung up": dashboard.hangUp()
          default:
            dashboard.type("q")
            #expect(try dashboard.waitForExit() == 0)
          }
          if !workerDiesFirst {
            let before = length(run)
            try waitUntil("a log that grows") { length(run) > before + 1000 }
            #expect(worker.isRunning && state(run) == .running)
            kill(worker.processIdentifier, SIGKILL)
            worker.waitUntilExit()
          }
          #expect(state(run) == .died)
          let next = try watch(folder)
          try next.wait(forText: "crashed")
          next.type("q")
          #expect(try next.waitForExit() == 0)
          count += 1
        }
      }
    }
    print("processes: \(count) orders of dying")
  }

  // MARK: Strangers

  /// A process that has a dead worker's number is not taken for it, nor signalled.
  @Test func strangersAreLeftAlone() async throws {
    try await withAsyncScratchFolder { folder in
      try put(Array(Program.experiment(name: "demo", epochs: 1).utf8), at: "\(folder)/demo.yaml")
      let path = "experiments/demo/runs/one"
      let trained = try await Program.run(
        ["train", "demo.yaml", "--run", path, "--max-steps", "3", "--progress", "none"], in: folder)
      #expect(trained.code == 0, "\(trained.error)")
      let run = RunDirectory(path: "\(folder)/\(path)")
      let stranger = Process()
      stranger.executableURL = URL(fileURLWithPath: "/bin/sleep")
      stranger.arguments = ["600"]
      try stranger.run()
      // It may have inherited that SIGTERM is ignored.
      defer { kill(stranger.processIdentifier, SIGKILL) }
      let identity = try #require(ProcessIdentity(pid: stranger.processIdentifier))
      var strangers = [identity, identity, identity]
      strangers[0].startTicks += 1
      strangers[1].startTicks = 0
      strangers[2].bootID = "another boot"
      var count = 0
      for stale in strangers {
        for state in [RunStatus.State.running, .paused, .starting, .queued] {
          var status = try RunStatus.read(from: run)
          (status.state, status.process) = (state, stale)
          try status.write(to: run)
          let runs = try await Program.run(["runs", "--json"], in: folder)
          #expect(runs.output.contains(#""state" : "died""#), "\(runs.output)")
          for message in ["stop", "pause"] {
            let answer = try await Program.run(["control", path, message], in: folder)
            #expect(answer.code == 1 && answer.error.contains("its worker is gone"))
          }
          count += 1
        }
      }
      let dashboard = try watch(folder)
      try dashboard.wait(forText: "crashed")
      dashboard.type("x")
      try dashboard.wait(forText: "nothing to stop")
      dashboard.type("6D")
      try dashboard.wait(forText: "Delete")
      dashboard.type("nq")
      #expect(try dashboard.waitForExit() == 0)
      // Nor does it keep a resume from going on.
      let resumed = try await Program.run(
        [
          "train", "demo.yaml", "--run", path, "--resume", "--max-steps", "6", "--progress", "none",
        ],
        in: folder)
      #expect(resumed.code == 0, "\(resumed.error)")
      #expect(stranger.isRunning)
      print("processes: \(count) stale numbers, none taken for a worker")
    }
  }

  // MARK: Pairs

  /// Two dashboards show one run alike, and each sees what the other one does.
  @Test func twoDashboards() throws {
    try withWorker { folder, _, _ in
      let (one, two) = (try watch(folder), try watch(folder))
      for dashboard in [one, two] { try dashboard.wait(forText: "running") }
      for actor in [one, two] {
        // What the key says to the worker depends on what its own dashboard shows.
        for (state, before) in [("paused", "running"), ("running", "paused")] {
          actor.type("P")
          for dashboard in [one, two] {
            // The header and the progress pane name the state, and a frame may arrive in parts.
            try dashboard.wait(for: "run that is \(state)") {
              $0.text.contains(state) && !$0.text.contains(before)
            }
          }
        }
      }
      for dashboard in [one, two] {
        dashboard.type("q")
        #expect(try dashboard.waitForExit() == 0)
        #expect(TerminalGrammar.stray(in: dashboard.output) == nil)
      }
    }
  }

  /// A second worker is refused, whatever it is asked for, and the first does not notice.
  @Test func aSecondWorkerIsRefused() throws {
    try withWorker { folder, run, worker in
      var count = 0
      for options in [[], ["--resume"], ["--fork", run.path]] {
        let second = try Program.start(
          ["train", "demo.yaml", "--run", run.path] + options, in: folder, environment: nil)
        second.process.waitUntilExit()
        let error = second.error
        #expect(second.process.terminationStatus == 65, "\(error)")
        #expect(
          error.contains("a worker is at work in it") || error.contains("holds a run already"))
        count += 1
      }
      let before = length(run)
      try waitUntil("a log that grows") { length(run) > before + 1000 }
      #expect(
        worker.isRunning
          && (try? RunStatus.read(from: run))?.process?.pid == worker.processIdentifier)
      print("processes: \(count) second workers refused")
    }
  }

  // MARK: The socket

  /// Malformed, huge and half-sent messages are answered by an error, and the next one is heard.
  @Test func theSocketOutlivesNonsense() throws {
    try withWorker { _, run, worker in
      let socket = try ControlSocket(
        of: run, environment: ProcessInfo.processInfo.environment)
      var random = SeededGenerator(state: 64)
      var errors = 0
      let words = [
        "pause", "resume", "stop", "checkpoint", "set learning_rate 0.01", "note x", "name y",
        "grow 1",
      ]
      let count = 300
      for index in 0..<count {
        var bytes: [UInt8]
        switch index % 6 {
        case 0:
          bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in
            UInt8.random(in: 0...255, using: &random)
          }
          // No message of its own by chance.
          bytes.insert(0xFF, at: 0)
        case 1: bytes = Array(repeating: UInt8(ascii: "x"), count: 1 << (index % 20))
        case 2: bytes = Array(words.randomElement(using: &random)!.utf8.dropLast())
        case 3: bytes = Array("set learning_rate nan\n".utf8)
        case 4: bytes = Array((words.randomElement(using: &random)! + "\u{0}\n").utf8)
        default: bytes = Array("set learning_rate 1e400\n".utf8)
        }
        let answer = UnixSocket.exchange(bytes, at: socket.path, isEnd: true) {
          ControlSocket.readLine(from: $0, within: 30)
        }
        #expect(answer?.hasPrefix("error ") == true, "\(index): \(answer ?? "no answer")")
        if answer?.hasPrefix("error ") == true { errors += 1 }
      }
      #expect(errors == count && worker.isRunning)
      #expect(try socket.send(.pause).isDone && socket.send(.resume).isDone)
      print("control socket: \(count) messages that are none, each answered by an error")
    }
  }
}
