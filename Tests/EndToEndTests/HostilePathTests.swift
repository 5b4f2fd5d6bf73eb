import EventLog
import Experiments
import Foundation
import Glibc
import TestSupport
import Testing

/// Links and names in run directories that lead elsewhere: nothing is ever written or removed there.
@Suite(.serialized) struct HostilePathTests {
  private static let precious = Array("precious".utf8)

  /// Makes a folder with something precious in it, and a run in a folder beside it.
  ///
  /// - Parameter what: leads elsewhere, for the record.
  private func withRun(
    _ what: String,
    _ body: (_ folder: String, _ run: String, _ outside: String) async throws -> Void
  ) async throws {
    try await withAsyncScratchFolder { folder in
      let outside = "\(folder)/outside"
      try FileManager.default.createDirectory(
        atPath: "\(outside)/checkpoints", withIntermediateDirectories: true)
      for name in [
        "file", "checkpoints/step-00000001.safetensors", "checkpoints/step-00000001.state",
      ] {
        try put(Self.precious, at: "\(outside)/\(name)")
      }
      try put(Array(Program.experiment(name: "demo", epochs: 1).utf8), at: "\(folder)/demo.yaml")
      let trained = try await Program.run(
        ["train", "demo.yaml", "--run", "run", "--max-steps", "4", "--progress", "none"], in: folder
      )
      #expect(trained.code == 0, "\(trained.error)")
      try await body(folder, "\(folder)/run", outside)
      print("hostile paths: \(what)")
      #expect(try bytes(of: "\(outside)/file") == Self.precious)
      #expect(try names(in: outside) == ["checkpoints", "file"])
      #expect(
        try names(in: "\(outside)/checkpoints")
          == ["step-00000001.safetensors", "step-00000001.state"])
      for name in try names(in: "\(outside)/checkpoints") {
        #expect(try bytes(of: "\(outside)/checkpoints/\(name)") == Self.precious)
      }
    }
  }

  private func link(_ path: String, to target: String) throws {
    try? FileManager.default.removeItem(atPath: path)
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
  }

  private func resume(_ folder: String) async throws -> Program.Outcome {
    try await Program.run(
      ["train", "demo.yaml", "--run", "run", "--resume", "--progress", "none"], in: folder)
  }

  /// The folder of the checkpoints is a link: refused in one line that says so.
  @Test func checkpointsThatLeadElsewhere() async throws {
    try await withRun("checkpoints of a run that is resumed") { folder, run, outside in
      try link("\(run)/checkpoints", to: "\(outside)/checkpoints")
      let resumed = try await resume(folder)
      #expect(resumed.code != 0 && resumed.error.contains("checkpoints: is a link"))
      #expect(resumed.error.split(separator: "\n").count == 1)
    }
    try await withRun("checkpoints of a new run") { folder, _, outside in
      try FileManager.default.createDirectory(
        atPath: "\(folder)/new", withIntermediateDirectories: true)
      try link("\(folder)/new/checkpoints", to: "\(outside)/checkpoints")
      let trained = try await Program.run(
        ["train", "demo.yaml", "--run", "new", "--progress", "none"], in: folder)
      #expect(trained.code != 0 && trained.error.contains("checkpoints: is a link"))
    }
  }

  /// A log that is a link is not appended to; what is written beside it replaces links.
  @Test func filesThatLeadElsewhere() async throws {
    try await withRun("log, status and experiment") { folder, run, outside in
      let log = try #require(RunDirectory(path: run).eventFiles().first)
      // Exactly as long as the checkpoint says, so that nothing has to be cut.
      let elsewhere = "\(folder)/elsewhere"
      let bytes = try TestSupport.bytes(of: log)
      try put(bytes, at: elsewhere)
      try link(log, to: elsewhere)
      let resumed = try await resume(folder)
      #expect(resumed.code == 1 && resumed.error.contains("it is a link"), "\(resumed.error)")
      #expect(try TestSupport.bytes(of: elsewhere) == bytes)
      for name in ["status.json", "experiment.yaml"] {
        try link("\(run)/\(name)", to: "\(outside)/file")
      }
      _ = try await resume(folder)
    }
  }

  /// Names in an experiment are names of folders below the root, whatever they hold.
  @Test func namesThatLeadElsewhere() async throws {
    try await withRun("7 names of experiments") { folder, _, _ in
      for name in ["../../outside/owned", "/outside/owned", "..", ".", "a/b", "~", "-rf"] {
        let text = Program.experiment(name: "\"\(name)\"", epochs: 1)
        try put(Array(text.utf8), at: "\(folder)/evil.yaml")
        let trained = try await Program.run(
          ["train", "evil.yaml", "--max-steps", "1", "--progress", "none"], in: folder)
        #expect(trained.code == 0 || trained.code == 65, "\(name): \(trained.error)")
      }
      #expect(
        try names(in: folder).allSatisfy {
          ["demo.yaml", "evil.yaml", "experiments", "outside", "run", "runs"].contains($0)
        })
    }
  }

  /// Ids, checkpoints' names and steps in a status are no paths.
  @Test func statusThatLeadsElsewhere() async throws {
    try await withRun("best checkpoint in the status, output") { folder, run, outside in
      var status = try RunStatus.read(from: RunDirectory(path: run))
      status.state = .running
      status.process = nil
      status.bestCheckpoint = "../../outside/file"
      try status.write(to: RunDirectory(path: run))
      #expect(try await resume(folder).code == 0)
      let replay = try await Program.run(["replay", "run"], in: folder)
      #expect(replay.code == 0)
      // Outputs do not go through links into the run either.
      try link("\(folder)/out", to: "\(run)/status.json")
      let written = try await Program.run(["replay", "run", "--output", "out"], in: folder)
      #expect(written.code == 65 && written.error.contains("belongs to the run"))
    }
  }

  /// The folder of the sockets is the user's alone, or nothing is put into it; training goes on without.
  @Test func socketsStayWithTheirUser() async throws {
    try await withRun("folder of the sockets") { folder, run, outside in
      let place = "\(folder)/resnet-tui-\(getuid())"
      func resume(_ step: Int) async throws -> Program.Outcome {
        try await Program.run(
          [
            "train", "demo.yaml", "--run", "run", "--resume", "--max-steps", "\(step)",
            "--progress", "none",
          ], in: folder, environment: ["TMPDIR": folder])
      }
      let free = try await resume(5)
      #expect(free.code == 0 && !free.error.contains("alone"), "\(free.error)")
      var attributes = stat()
      #expect(stat(place, &attributes) == 0 && attributes.st_mode & 0o777 == 0o700)

      #expect(chmod(place, 0o755) == 0)
      let open = try await resume(6)
      #expect(open.code == 0 && open.error.contains("is not a folder of this user alone"))
      try link(place, to: outside)
      let linked = try await resume(7)
      #expect(linked.code == 0 && linked.error.contains("is not a folder of this user alone"))
    }
  }
}
