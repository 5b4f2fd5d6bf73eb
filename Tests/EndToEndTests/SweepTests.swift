import EventLog
import Experiments
import Foundation
import TestSupport
import Testing

/// Sweeps and growth, as a user has them from the shell.
@Suite(.serialized) struct SweepTests {
  private func arrange(_ folder: String, epochs: Int = 1, sweep: String) throws {
    try FileManager.default.createDirectory(
      atPath: "\(folder)/experiments/demo", withIntermediateDirectories: true)
    try put(
      Array(Program.experiment(name: "demo", epochs: epochs).utf8),
      at: "\(folder)/experiments/demo/experiment.yaml")
    try put(Array(sweep.utf8), at: "\(folder)/experiments/demo/sweep.yaml")
  }

  private static let grid = """
    grid:
      network.stages[0].channels: [8, 16]
      seed: [0, 1]
    """

  private struct Summary: Decodable {
    struct Run: Decodable {
      var run: String
      var finished: Bool
      var accuracyVal: Double?
    }
    struct Mean: Decodable {
      var runs: String
      var count: Int
    }
    var runs: [Run]
    var means: [Mean]
    var paretoFront: [String]
  }

  private func summary(_ json: String) throws -> Summary {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Summary.self, from: Data(json.utf8))
  }

  /// All runs are trained and summed up; what is done is not done again.
  @Test func trainsAGridAndGoesOn() async throws {
    try await withAsyncScratchFolder { folder in
      try arrange(folder, sweep: Self.grid)
      let dry = try await Program.run(["sweep", "demo", "--dry-run"], in: folder)
      #expect(
        dry.code == 0 && dry.output.contains("channels-16_seed-1") && dry.output.contains("4 runs"))
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/experiments/demo/runs"))

      let first = try await Program.run(["sweep", "demo", "--workers", "2", "--json"], in: folder)
      #expect(first.code == 0, "\(first.error)")
      let done = try summary(first.output)
      #expect(done.runs.count == 4 && done.runs.allSatisfy { $0.finished && $0.accuracyVal != nil })
      #expect(done.means.count == 2 && done.means.allSatisfy { $0.count == 2 })
      #expect(!done.paretoFront.isEmpty)
      #expect(first.error.contains("4/4"))

      let again = try await Program.run(["sweep", "demo"], in: folder)
      #expect(again.code == 65 && again.error.contains("--resume goes on"), "\(again.error)")
      let runs = "\(folder)/experiments/demo/runs"
      let kept = try bytes(of: EventFile.files(in: "\(runs)/channels-8_seed-0")[0])
      try FileManager.default.removeItem(atPath: "\(runs)/channels-8_seed-1")
      let resumed = try await Program.run(["sweep", "demo", "--resume"], in: folder)
      #expect(resumed.code == 0, "\(resumed.error)")
      #expect(resumed.error.contains("4/4 channels-8_seed-1: accuracy"), "\(resumed.error)")
      #expect(!resumed.error.contains("seed-0"))
      #expect(try bytes(of: EventFile.files(in: "\(runs)/channels-8_seed-0")[0]) == kept)
      #expect(resumed.output.contains("mean over seeds") && resumed.output.contains("Pareto front"))

      // Elsewhere it begins anew, with the same outcome.
      let elsewhere = try await Program.run(
        ["sweep", "demo", "--runs", "again", "--workers", "2", "--json"], in: folder)
      #expect(elsewhere.code == 0, "\(elsewhere.error)")
      #expect(try summary(elsewhere.output).runs.map(\.accuracyVal) == done.runs.map(\.accuracyVal))
      #expect(!EventFile.files(in: "\(folder)/again/channels-8_seed-0").isEmpty)

      for words in [
        ["sweep", "demo", "--runs", ""], ["train", "demo", "--run", ""],
        ["train", "demo", "--experiments", ""],
      ] {
        let outcome = try await Program.run(words, in: folder)
        #expect(outcome.code == 64 && outcome.error.contains("must name a folder"), "\(outcome)")
      }

      // A folder stands for the runs in it.
      let both = try await Program.run(["compare", "again"], in: folder)
      #expect(both.code == 0 && both.output.contains("again/channels-16_seed-1"), "\(both)")

      // A run of other settings is no run of the sweep.
      try put(
        Array(Self.grid.replacing("[8, 16]", with: "[8, 24]").utf8),
        at: "\(folder)/experiments/demo/sweep.yaml")
      try FileManager.default.moveItem(
        atPath: "\(runs)/channels-16_seed-0", toPath: "\(runs)/channels-24_seed-0")
      let other = try await Program.run(["sweep", "demo", "--resume"], in: folder)
      #expect(other.code == 65 && other.error.contains("channels 16, not 24"), "\(other.error)")
    }
  }

  /// Asked to stop, it leaves runs that can be gone on with; killed, it leaves workers that come to their
  /// end, and whom the next waits for.
  @Test(arguments: [SIGINT, SIGTERM, SIGKILL])
  func canBeInterrupted(signal: Int32) async throws {
    try await withAsyncScratchFolder { folder in
      try arrange(folder, epochs: 12, sweep: "grid: {seed: [0, 1]}")
      let run = RunDirectory(path: "\(folder)/experiments/demo/runs/seed-0")
      let sweep = try Program.start(["sweep", "demo"], in: folder)
      defer {
        if let worker = (try? RunStatus.read(from: run))?.process, worker.isAlive {
          kill(worker.pid, SIGKILL)
        }
      }
      try waitUntil("a worker at work") {
        (try? RunStatus.read(from: run))?.effectiveState() == .running
      }
      // A training that is paused does not come to its end before the signal does.
      let pause = try await Program.run(["control", run.path, "pause"], in: folder)
      #expect(pause.code == 0, "\(pause.error)")
      kill(sweep.process.processIdentifier, signal)
      sweep.process.waitUntilExit()
      if signal == SIGKILL {
        #expect(sweep.process.terminationReason == .uncaughtSignal)
      } else {
        #expect(sweep.process.terminationStatus == 128 + signal)
        let status = try RunStatus.read(from: run)
        #expect(status.state == .stopped && status.step < status.totalSteps)
      }
      let next = try Program.start(["sweep", "demo", "--resume", "--json"], in: folder)
      if signal == SIGKILL {
        try waitUntil("a sweep that waits for the worker") {
          next.error.contains("seed-0: is being trained already")
        }
        let resume = try await Program.run(["control", run.path, "resume"], in: folder)
        #expect(resume.code == 0, "\(resume.error)")
      }
      next.process.waitUntilExit()
      #expect(next.process.terminationStatus == 0, "\(next.error)")
      #expect(try summary(next.output).runs.count { $0.finished } == 2)
    }
  }

  /// What `train --max-steps` made of a run is no result of the sweep: the rest is trained.
  @Test func partsAreGoneOnWith() async throws {
    try await withAsyncScratchFolder { folder in
      try arrange(folder, sweep: "grid: {seed: [0, 1]}")
      let part = try await Program.run(
        [
          "train", "demo", "--seed", "0", "--run", "experiments/demo/runs/seed-0", "--max-steps",
          "1", "--progress", "none",
        ], in: folder)
      #expect(part.code == 0, "\(part.error)")
      let report = try await Program.run(["sweep", "demo", "--report", "--json"], in: folder)
      #expect(try summary(report.output).runs.count { $0.finished } == 0)
      let sweep = try await Program.run(
        ["sweep", "demo", "--threads", "1", "--resume", "--json"], in: folder)
      #expect(sweep.code == 0, "\(sweep.error)")
      #expect(try summary(sweep.output).runs.count { $0.finished } == 2)
    }
  }

  /// A run that fails does not keep the others from being trained; what none can be trained with ends it.
  @Test func failuresAreTold() async throws {
    try await withAsyncScratchFolder { folder in
      try arrange(
        folder,
        sweep: """
          variants:
            wild: {optimizer.learning_rate: 1000, optimizer.weight_decay: 1}
            tame:
          """)
      // What a variant leaves alone is what the experiment says.
      let dry = try await Program.run(["sweep", "demo", "--dry-run"], in: folder)
      #expect(dry.output.contains(/tame +0\.05 +0\.0/), "\(dry.output)")
      let diverged = try await Program.run(["sweep", "demo", "--threads", "1"], in: folder)
      #expect(diverged.code == 1, "\(diverged.output)")
      #expect(diverged.error.contains("1 of 2 runs failed, wild first: the loss became"))
      #expect(diverged.error.contains("2/2 tame: accuracy"))
      // What there is to say of the others is said.
      #expect(diverged.output.contains("tame") && diverged.output.contains("unfinished"))
      let report = try await Program.run(["sweep", "demo", "--report"], in: folder)
      #expect(report.code == 0 && report.output == diverged.output)

      // A variant that cannot be trained ends no other one.
      try FileManager.default.removeItem(atPath: "\(folder)/experiments")
      try arrange(
        folder, sweep: "variants: {tame: , large: {data.batch: 20000, data.limit: null}, last: }")
      let large = try await Program.run(
        ["sweep", "demo", "--threads", "1", "--workers", "2"], in: folder)
      #expect(
        large.code == 1 && large.error.contains("1 of 3 runs failed, large first"), "\(large)")
      #expect(large.error.contains(" tame: accuracy") && large.error.contains(" last: accuracy"))

      try FileManager.default.removeItem(atPath: "\(folder)/experiments")
      try arrange(folder, sweep: "grid: {seed: [0, 1]}\nexperiment: other.yaml")
      var other = Program.experiment(name: "demo", epochs: 1)
      other.replace("procedural", with: "fashion-mnist")
      try put(Array(other.utf8), at: "\(folder)/experiments/demo/other.yaml")
      let missing = try await Program.run(["sweep", "demo"], in: folder)
      #expect(missing.code == 65 && missing.error.contains("fashion-mnist"), "\(missing.error)")
      #expect(missing.error.split(separator: "\n").count { $0.contains("begins") } == 1)
      let none = try await Program.run(["sweep", "nowhere"], in: folder)
      #expect(none.code == 65 && none.error.contains("no such sweep"))
    }
  }

  /// A message makes a network larger while it is trained; every command knows what it has become.
  @Test func growsALiveRun() async throws {
    try await withAsyncScratchFolder { folder in
      try put(Array(Program.experiment(name: "demo", epochs: 400).utf8), at: "\(folder)/demo.yaml")
      let run = RunDirectory(path: "\(folder)/runs/one")
      async let trained = Program.run(
        ["train", "demo.yaml", "--run", run.path, "--progress", "json"], in: folder)
      let began = ContinuousClock.now
      while ContinuousClock.now - began < .seconds(300),
        EventFile.files(in: run.path).first.map(EventFile.length) ?? 0 < 60_000
      { try await Task.sleep(for: .milliseconds(20)) }
      let grown = try await Program.run(["control", run.path, "grow 1"], in: folder)
      #expect(grown.code == 0 && grown.output.contains("grown by layer1.1"), "\(grown)")
      let refused = try await Program.run(["control", run.path, "grow 7"], in: folder)
      #expect(refused.code == 1 && refused.error.contains("there is no stage 7"), "\(refused)")
      _ = try await Program.run(["control", run.path, "stop"], in: folder)
      let outcome = try await trained
      #expect(outcome.code == 143)
      #expect(outcome.error.contains(#""event":"growth""#))

      for command in [
        ["evaluate", run.path], ["summary", run.path], ["export", run.path, "--format", "pytorch"],
        ["replay", run.path, "--pane", "layers", "--size", "120x60"],
      ] {
        let result = try await Program.run(command, in: folder)
        #expect(result.code == 0, "\(command): \(result.error)")
        if command[0] != "evaluate", command[0] != "export" {
          #expect(result.output.contains("layer1.1.conv2"), "\(command)")
        }
      }
      let early = try await Program.run(
        ["replay", run.path, "--pane", "layers", "--size", "120x60", "--at-step", "3"], in: folder)
      #expect(early.code == 0 && early.output.contains("layer1.0.conv2"), "\(early)")
      #expect(!early.output.contains("layer1.1"))
    }
  }
}
