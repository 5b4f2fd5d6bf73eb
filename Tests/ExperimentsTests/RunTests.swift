import Foundation
import Glibc
import TestSupport
import Testing

@testable import Experiments

@Suite struct RunTests {
  @Test func namesItsFiles() {
    let run = RunDirectory(path: "experiments/a/runs/20260102-030405/")
    #expect(run == RunDirectory(experimentFolder: "experiments/a", id: "20260102-030405"))
    #expect(run.id == "20260102-030405")
    #expect(run.statusPath == "experiments/a/runs/20260102-030405/status.json")
    #expect(run.eventPath(seconds: 7).hasSuffix("/events.out.tfevents.7.resnet-tui"))
  }

  @Test(arguments: [
    (0, "19700101-000000"), (951_782_399, "20000228-235959"), (951_782_400, "20000229-000000"),
    (1_767_322_985, "20260102-030305"), (-5, "19700101-000000"), (.max, "99991231-235959"),
  ])
  func idsAreTimesInUTC(seconds: Int, id: String) {
    #expect(RunDirectory.newID(seconds: seconds) == id)
    #expect(RunDirectory.newID(seconds: seconds, existing: [id]) == id + "-2")
    #expect(RunDirectory.newID(seconds: seconds, existing: [id, id + "-2"]) == id + "-3")
  }

  /// A file of the run is known by whatever way it is named.
  @Test func knowsItsOwnFiles() throws {
    try withScratchFolder { root in
      let run = RunDirectory(path: "\(root)/run")
      #expect(try run.create(experiment: ""))
      try FileManager.default.createSymbolicLink(
        atPath: "\(root)/link", withDestinationPath: "run/experiment.yaml")
      #expect(run.contains("\(root)/link") && run.contains("\(root)/run/../run/experiment.yaml"))
      #expect(!run.contains("\(root)/run/new") && !run.contains(root))
    }
  }

  @Test func refusesAFolderThatHoldsFilesOfARun() throws {
    try withScratchFolder { root in
      let run = RunDirectory(experimentFolder: "\(root)/b", id: "1")
      #expect(try run.create(experiment: "ours"))
      #expect(try !run.create(experiment: "theirs"))
      #expect(try names(in: run.path) == ["checkpoints", "experiment.yaml"])
      #expect(try bytes(of: run.experimentPath) == Array("ours".utf8))
      try put([], at: run.eventPath(seconds: 7))
      #expect(run.eventFiles() == [run.eventPath(seconds: 7)])
      for file in ["x.tfevents.1", "status.json"] {
        let other = RunDirectory(path: "\(root)/\(file)")
        try FileManager.default.createDirectory(
          atPath: other.path, withIntermediateDirectories: false)
        try put([], at: "\(other.path)/\(file)")
        #expect(try !other.create(experiment: "theirs"))
        #expect(try names(in: other.path) == [file])
      }

      try put([], at: "\(root)/a")
      for (name, id) in [("b", "0"), ("c", "2")] {
        #expect(
          try RunDirectory(experimentFolder: "\(root)/\(name)", id: id).create(experiment: ""))
      }
      try put([], at: "\(root)/c/runs/notes.txt")
      #expect(RunDirectory.list(root: root).map(\.id) == ["0", "1", "2"])
      #expect(RunDirectory.list(root: "\(root)/none").isEmpty)
    }
  }

  @Test func aStatusReadsBack() throws {
    try withScratchFolder { root in
      let run = RunDirectory(path: root)
      #expect(throws: FileError.self) { try RunStatus.read(from: run) }
      var status = RunStatus(
        state: .running, process: .current, step: 3, totalSteps: 9, epoch: 1,
        bestCheckpoint: "step-00000003.safetensors", updated: 1.5)
      try status.write(to: run)
      #expect(try RunStatus.read(from: run) == status)
      status.state = .failed
      status.exitCode = 1
      status.error = "no \"memory\"\n"
      try status.write(to: run)
      #expect(try RunStatus.read(from: run) == status)

      let sound = try bytes(of: run.statusPath)
      for count in 0..<sound.count - 2 {
        try put(Array(sound.prefix(count)), at: run.statusPath)
        #expect(throws: FileError.self) { try RunStatus.read(from: run) }
      }
    }
  }

  @Test func aRunWhoseProcessIsGoneHasDied() throws {
    let own = try #require(ProcessIdentity.current)
    #expect(own.isAlive)
    var status = RunStatus(state: .running, process: own, updated: 0)
    #expect(status.effectiveState() == .running)
    #expect(status.effectiveState { _ in false } == .died)
    status.process?.startTicks += 1
    #expect(status.effectiveState() == .died)
    status.process = own
    status.process?.bootID = "another"
    #expect(status.effectiveState() == .died)
    status.process = nil
    status.state = .starting
    #expect(status.effectiveState() == .died)
    status.state = .finished
    #expect(status.effectiveState { _ in false } == .finished)
  }

  @Test func knowsAnEndedProcessBeforeAndAfterItIsReaped() throws {
    var child = pid_t()
    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("600"), nil]
    defer { for argument in arguments { free(argument) } }
    try #require(posix_spawn(&child, "/bin/sleep", nil, nil, &arguments, nil) == 0)
    let identity = try #require(ProcessIdentity(pid: child))
    let own = ProcessIdentity.current
    #expect(identity.isAlive && identity != own)

    kill(child, SIGKILL)
    var end = siginfo_t()
    #expect(waitid(P_PID, id_t(child), &end, WEXITED | WNOWAIT) == 0)
    #expect(!identity.isAlive)
    #expect(waitpid(child, nil, 0) == child)
    #expect(!identity.isAlive)
    #expect(ProcessIdentity(pid: 0) == nil && ProcessIdentity(pid: -1) == nil)
  }
}
