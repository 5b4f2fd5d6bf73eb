import Architecture
import Datasets
import EventLog
import Experiments
import Foundation
import Glibc
import TestSupport
import Testing

@testable import Worker

/// Trainings on a disk of 1 MB that somebody else fills: they pause, and go on when there is room.
@Suite(.serialized, .enabled(if: Disk.canBeMounted)) struct FullDiskTests {
  private func experiment() -> Experiment {
    var experiment = Experiment.small
    // A checkpoint is some twenty pages long.
    experiment.network.stages = [Stage(blocks: 1, channels: 24, stride: 2)]
    experiment.checkpoint.everySteps = 3
    experiment.log.layersEverySteps = 4
    return experiment
  }

  private func training(
    in folder: String, start: TrainingRun.Start = .anew, disk: Disk? = nil,
    control: ControlMailbox? = nil, signal: @escaping () -> Int32 = { 0 }
  ) throws(WorkerError) -> TrainingRun {
    var clock = WorkerClock.system
    if let disk { clock.sleep = { _ in disk.wait() } }
    return try TrainingRun(
      experiment(), directory: RunDirectory(path: folder), location: DatasetLocation(folders: []),
      options: TrainingRun.Options(threads: 1, start: start, version: "test"),
      progress: disk ?? SilentProgress(), clock: clock, control: control, signal: signal)
  }

  private func weights(_ folder: String) throws -> [UInt8] {
    try bytes(of: CheckpointFiles(folder: "\(folder)/checkpoints", step: 20).weightsPath)
  }

  /// The losses, step by step, and what was remarked.
  private func log(_ folder: String) throws -> (losses: [String], remarks: [String]) {
    var (losses, remarks): ([String], [String]) = ([], [])
    for event in try loggedEvents(folder) {
      for value in event.values {
        switch value {
        case .scalar("loss/train", let loss): losses.append("\(event.step) \(loss.bitPattern)")
        case .text("run/control", let text): remarks.append(text)
        default: break
        }
      }
    }
    return (losses, remarks)
  }

  /// However little room is left after each step, for the log, for half a checkpoint, or for nothing, the
  /// run ends with the weights and the losses of one with a disk of its own.
  @Test func goesOnWhenThereIsRoom() throws {
    try withScratchFolder { root in
      let disk = try Disk(at: "\(root)/disk")
      _ = try training(in: "\(root)/whole").run()
      let (expected, losses) = (try weights("\(root)/whole"), try log("\(root)/whole").losses)
      #expect(losses.count == 20)
      var halts = 0
      for pages in [0, 1, 2, 3, 5, 8, 13, 20] {
        let folder = "\(disk.folder)/run"
        disk.begin(leaving: pages, watching: folder)
        let summary = try training(in: folder, disk: disk).run()
        disk.free()
        #expect(summary.state == "finished" && summary.step == 20)
        #expect(try weights(folder) == expected)
        let (own, remarks) = try log(folder)
        #expect(own == losses)
        #expect(disk.waits >= 3 * disk.halts && disk.halts > 0, "\(pages) pages")
        #expect(remarks.count { $0 == "waited for room on the disk" } == disk.halts)
        let status = try RunStatus.read(from: RunDirectory(path: folder))
        #expect(status.state == .finished && status.error == nil)
        halts += disk.halts
        try FileManager.default.removeItem(atPath: folder)
      }
      print("full disk: \(halts) halts in 8 runs, each gone on from")
    }
  }

  /// Who stops it meanwhile is told what is lost, and the last checkpoint can be gone on from.
  @Test func canBeStoppedMeanwhile() throws {
    try withScratchFolder { root in
      let disk = try Disk(at: "\(root)/disk")
      _ = try training(in: "\(root)/whole").run()
      let folder = "\(disk.folder)/run"
      disk.begin(leaving: 0, watching: folder, from: 8)
      let error = #expect(throws: WorkerError.self) {
        try training(in: folder, disk: disk) { disk.waits >= 2 ? SIGTERM : 0 }.run()
      }
      guard case .interrupted(SIGTERM, _) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      let status = try RunStatus.read(from: RunDirectory(path: folder))
      #expect(status.state == .stopped && status.exitCode == 143 && status.error != nil)
      #expect(error?.description.contains("the disk is full, and it was asked to stop") == true)
      #expect(error?.description.contains("what came after its last checkpoint is lost") == true)
      disk.free()
      disk.begin(leaving: 0, watching: folder, from: 100)
      let resumed = try training(in: folder, start: .resumed, disk: disk).run()
      #expect(resumed.step == 20)
      let (expected, losses) = (try weights("\(root)/whole"), try log("\(root)/whole").losses)
      #expect(try weights(folder) == expected)
      #expect(try log(folder).losses == losses)
    }
  }

  /// Messages are answered by why it waits; a stop is obeyed.
  @Test func answersMessagesMeanwhile() throws {
    try withScratchFolder { root in
      let disk = try Disk(at: "\(root)/disk")
      let folder = "\(disk.folder)/run"
      disk.begin(leaving: 0, watching: folder, from: 5)
      let mailbox = ControlMailbox()
      let halted = try training(in: folder, disk: disk, control: mailbox)
      let answers = Answers()
      let thread = Thread {
        answers.add(mailbox.post(.pause))
        answers.add(mailbox.post(.stop))
        answers.isComplete.signal()
      }
      disk.onHalt = { thread.start() }
      #expect(throws: WorkerError.self) { try halted.run() }
      answers.isComplete.wait()
      #expect(answers.all.map(\.isDone) == [false, true])
      #expect(answers.all[0].text.contains("goes on when there is room"))
    }
  }

  /// A start that is given up while it waits for room says so in its status, as a training does.
  @Test func canBeStoppedAtTheStart() throws {
    try withScratchFolder { root in
      let disk = try Disk(at: "\(root)/disk")
      let folder = "\(disk.folder)/run"
      var stopped = 0
      for pages in 6...16 {
        disk.begin(leaving: pages, watching: folder)
        disk.fill()
        do throws(WorkerError) {
          _ = try training(in: folder, disk: disk) { disk.waits >= 2 ? SIGTERM : 0 }
        } catch .interrupted {
          let status = try RunStatus.read(from: RunDirectory(path: folder))
          #expect(status.state == .stopped && status.exitCode == 143 && status.error != nil)
          stopped += 1
        } catch {
          // No room for the run's first files.
          #expect(error.description.contains("the disk is full; make room"))
        }
        disk.free()
        try? FileManager.default.removeItem(atPath: folder)
      }
      #expect(stopped > 0)
    }
  }

  /// A training that cannot even begin says so, and leaves nothing that a resume cannot begin from.
  @Test func beginsWhenThereIsRoom() throws {
    try withScratchFolder { root in
      let disk = try Disk(at: "\(root)/disk")
      let folder = "\(disk.folder)/run"
      disk.begin(leaving: 0, watching: folder)
      disk.fill()
      let error = #expect(throws: WorkerError.self) { try training(in: folder) }
      #expect(error?.description.contains("the disk is full; make room") == true)
      disk.free()
      let summary = try training(in: folder, start: .resumed).run()
      #expect(summary.step == 20)
    }
  }
}

/// A disk of 1 MB, which it fills after every step, and frees again when a training has waited thrice.
private final class Disk: ProgressSink, @unchecked Sendable {
  let folder: String
  private var pages = 0
  private var firstStep = 1
  private var run = ""
  private(set) var halts = 0
  private(set) var waits = 0
  private var waitsOfHalt = 0
  var onHalt: () -> Void = {}

  private static let page = 4096

  /// Whether this process may mount disks.
  static let canBeMounted: Bool = {
    (try? withScratchFolder { folder in
      guard mount("tmpfs", folder, "tmpfs", 0, "size=1m") == 0 else { return false }
      return umount2(folder, Int32(MNT_DETACH)) == 0
    }) ?? false
  }()

  init(at folder: String) throws {
    self.folder = folder
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try #require(mount("tmpfs", folder, "tmpfs", 0, "size=1m") == 0)
  }

  deinit { umount2(folder, Int32(MNT_DETACH)) }

  private var filler: String { "\(folder)/filler" }

  func begin(leaving pages: Int, watching run: String, from step: Int = 1) {
    (self.pages, self.run, firstStep) = (pages, run, step)
    (halts, waits, waitsOfHalt) = (0, 0, 0)
  }

  /// Takes all the room but that of so many pages.
  func fill() {
    let descriptor = open(filler, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    defer { close(descriptor) }
    let bytes = [UInt8](repeating: 0x58, count: Self.page)
    var size = 0
    while true {
      let count = write(descriptor, bytes, bytes.count)
      if count <= 0 { break }
      size += count
    }
    ftruncate(descriptor, off_t(max(0, size - pages * Self.page)))
  }

  func free() { unlink(filler) }

  /// In the place of a moment's sleep; what stands on the disk meanwhile can be read.
  func wait() {
    waits += 1
    waitsOfHalt += 1
    for file in EventFile.files(in: run) {
      var reader = EventLogReader(path: file)
      let poll = try? reader.poll()
      #expect(poll?.gaps == [] && poll?.hasTornTail == false)
    }
    let directory = RunDirectory(path: run)
    // It says that it waits: room was kept for that.
    let status = try? RunStatus.read(from: directory)
    #expect(status?.state == .paused && status?.error?.contains("the disk is full") == true)
    #expect(!Checkpoint.list(in: directory).contains { !$0.isWhole })
    if waitsOfHalt == 3 { free() }
  }

  func began(_ run: RunDescription) {}
  func stepped(_ progress: Worker.Progress) { if progress.step >= firstStep { fill() } }
  func measured(_ measurement: Worker.Measurement) { fill() }
  func grew(_ growth: NetworkGrowth) {}
  func halted(_ reason: String) {
    halts += 1
    waitsOfHalt = 0
    #expect(reason.contains("the disk is full; make room"))
    onHalt()
  }
  func ended(_ summary: RunSummary) {}
}

/// What another thread was told.
private final class Answers: @unchecked Sendable {
  private let lock = NSLock()
  private var replies: [ControlReply] = []
  let isComplete = DispatchSemaphore(value: 0)

  func add(_ reply: ControlReply) { lock.withLock { replies.append(reply) } }
  var all: [ControlReply] { lock.withLock { replies } }
}
