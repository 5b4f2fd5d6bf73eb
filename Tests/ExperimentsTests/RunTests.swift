import EventLog
import Foundation
import Glibc
import TestSupport
import Testing

@testable import Experiments

@Suite struct RunTests {
  /// A note goes into a log as it is, also where a crash has torn its tail.
  @Test func notesAreAppended() throws {
    try withScratchFolder { folder in
      let run = RunDirectory(path: "\(folder)/run")
      #expect(throws: EventLogError.self) {
        try RunAnnotation(.note, "x")!.append(to: run, wallTime: 1)
      }
      try FileManager.default.createDirectory(atPath: run.path, withIntermediateDirectories: true)
      let path = run.eventPath(seconds: 1)
      let writer = try EventLogWriter(creating: path, wallTime: 1)
      for step in 1...3 {
        try writer.append(step: step, wallTime: Double(step), scalars: [("loss/train", 1)])
      }
      writer.close()
      let whole = try bytes(of: path)
      try put(Array(whole.dropLast(5)), at: path)
      try RunAnnotation(.note, "torn")!.append(to: run, wallTime: 9)
      try RunAnnotation(.name, "mine")!.append(to: run, wallTime: 10)
      var reader = EventLogReader(path: path)
      var history = RunHistory()
      history.apply(try reader.pollToEnd())
      #expect(history.gaps.isEmpty && history.series("loss/train")?.count == 2)
      #expect(history.remarks.map(\.text) == ["torn"] && history.remarks[0].step == 2)
      #expect(history.text("run/name") == "mine")
      // A worker that writes the log counts its bytes.
      let before = try bytes(of: path)
      let lock = try #require(try RunLock(run))
      #expect(throws: EventLogError.self) {
        try RunAnnotation(.note, "late")!.append(to: run, wallTime: 11)
      }
      withExtendedLifetime(lock) {}
      #expect(try bytes(of: path) == before)
    }
  }

  /// A run goes with its files; what links in it lead to stays, and so does what is no run.
  @Test func runsAreRemoved() throws {
    try withScratchFolder { folder in
      let run = RunDirectory(path: "\(folder)/run")
      try FileManager.default.createDirectory(
        atPath: "\(run.path)/checkpoints", withIntermediateDirectories: true)
      #expect(throws: FileError.self) { try run.remove() }
      try put([1], at: "\(folder)/precious")
      try FileManager.default.createSymbolicLink(
        atPath: "\(run.path)/link", withDestinationPath: "\(folder)/precious")
      var status = RunStatus(state: .running, process: .current, updated: 1)
      try status.write(to: run)
      #expect(throws: FileError.self) { try run.remove() }
      status.state = .finished
      status.process = nil
      try status.write(to: run)
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/other", withDestinationPath: run.path)
      #expect(throws: FileError.self) { try RunDirectory(path: "\(folder)/other").remove() }
      do {
        // One that resumes it reads its data first, and writes a status later.
        let lock = try #require(try RunLock(run))
        #expect(throws: FileError.self) { try run.remove() }
        withExtendedLifetime(lock) {}
      }
      try run.remove()
      #expect(try names(in: folder) == ["other", "precious"])
    }
  }

  /// What a continuation says of its bits; a processor that one of two logs does not name is no change.
  @Test func changesOfTheSurroundings() {
    let former = RunInfo(
      stepsPerEpoch: 1, totalSteps: 1, batch: 1, trainingImages: 1, validationImages: 1, threads: 2,
      convolution: nil, isa: "AVX2", processor: "A", onednn: "2.6.3", version: "1")
    var now = former
    now.version = "2"
    now.convolution = "direct"
    #expect(now.changes(since: former).isEmpty)
    now.processor = nil
    #expect(now.changes(since: former).isEmpty && former.changes(since: now).isEmpty)
    now.processor = "B"
    now.threads = 1
    #expect(now.changes(since: former) == ["threads 1, was 2", "processor B, was A"])
  }

  /// A program that is being started shares this one's descriptors until it runs.
  @Test func aLockEndsWhileItsDescriptorIsShared() throws {
    try withScratchFolder { folder in
      let run = RunDirectory(path: folder)
      var shared: [CInt] = []
      defer { for descriptor in shared { close(descriptor) } }
      do {
        let lock = try #require(try RunLock(run))
        let own = try names(in: "/proc/self/fd").filter {
          let link = "/proc/self/fd/\($0)"
          return (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) == folder
        }
        shared = own.compactMap { CInt($0) }.map { dup($0) }
        withExtendedLifetime(lock) {}
      }
      #expect(shared.count == 1)
      #expect(try RunLock(run) != nil)
    }
  }

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

  /// What a run's files say goes wherever they go.
  @Test(arguments: [
    ("experiments/a/runs/1/events: no room", "events: no room"),
    (
      "no /home/me/.cache/mnist, no /data/mnist; set RESNET_TUI_DATA",
      "no mnist, no mnist; set RESNET_TUI_DATA"
    ),
    ("cannot read '/a/b c/d'", "cannot read 'b c/d'"),
    (
      "780 images/s; see https://x.org/y, 1/2 of it, / and data.limit",
      "780 images/s; see https://x.org/y, 1/2 of it, / and data.limit"
    ),
  ])
  func filesHoldNoPath(text: String, expected: String) {
    #expect(RunDirectory(path: "experiments/a/runs/1").withoutPaths(text) == expected)
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

      // Numbers that no run has are none of ours.
      for count in [-1, Int.max] {
        var strange = status
        strange.step = count
        try strange.write(to: run)
        #expect(throws: FileError.self) { try RunStatus.read(from: run) }
      }
      try status.write(to: run)

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

  @Test func newestByTheirLogs() throws {
    try withScratchFolder { root in
      let runs = try [("sample-9", 10), ("20260921-120000", 30), ("plain", 20)].map { id, seconds in
        let run = RunDirectory(path: "\(root)/runs/\(id)")
        try FileManager.default.createDirectory(
          atPath: run.path, withIntermediateDirectories: true)
        try put([], at: run.eventPath(seconds: seconds))
        return run
      }
      #expect(runs.map(\.began) == [10, 30, 20])
      #expect(RunDirectory.newest(of: runs)?.id == "20260921-120000")
      #expect(RunDirectory.newest(of: []) == nil)
      #expect(RunDirectory.suggestion(inPlaceOf: root)?.hasSuffix("20260921-120000") == true)
      for (name, seconds) in [
        ("events.out.tfevents.17.host.1.v2", 17), ("a/events.out.tfevents.5", 5),
        ("events.tfevents.x", nil), ("tfevents", nil),
      ] {
        #expect(EventFile.seconds(of: name) == seconds, "\(name)")
      }
    }
  }
}
