import EventLog
import Experiments
import Foundation
import Glibc
import TestSupport
import Testing

/// A training that is killed again and again, at whatever moment, ends as one that was left alone.
@Suite(.serialized) struct KillTests {
  /// How often it is killed: 12 times, or as the environment says for a long run of the test.
  private static let kills =
    ProcessInfo.processInfo.environment["RESNET_TUI_KILLS"].flatMap { Int($0) } ?? 12

  private static let experiment = """
    name: killed
    network: {input: [1, 28, 28], classes: 10, stem: cifar, block: basic,
              stages: [{blocks: 1, channels: 8, stride: 2}]}
    data: {set: procedural, batch: 16, limit: 352, holdout: 32, augment: [flip, crop]}
    optimizer: {name: adamw, learning_rate: 0.001}
    schedule: {name: one_cycle}
    ema: 0.9
    checkpoint: {every_steps: 3, keep: 2}
    log: {layers_every_steps: 7}
    epochs: 40
    """

  /// When a worker is killed.
  private enum Moment {
    /// Milliseconds after it was started: it reads, draws and compiles.
    case starting(Int)
    /// Milliseconds after it has said that it trains.
    case training(Int)
  }

  /// Starts `train --resume`, and kills it at a moment; nil lets it come to its end.
  ///
  /// - Returns: whether it came to its end by itself.
  private func train(_ run: String, in folder: String, killAt moment: Moment?) throws -> Bool {
    let process = try Program.start(
      ["train", "killed.yaml", "--run", run, "--resume", "--threads", "1", "--progress", "none"],
      in: folder, environment: nil
    ).process
    func wait(milliseconds: Int) { usleep(UInt32(milliseconds) * 1000) }
    switch moment {
    case nil: break
    case .starting(let milliseconds): wait(milliseconds: milliseconds)
    case .training(let milliseconds):
      while process.isRunning {
        let status = try? RunStatus.read(from: RunDirectory(path: run))
        if status?.process?.pid == process.processIdentifier, status?.state == .running { break }
        wait(milliseconds: 1)
      }
      wait(milliseconds: milliseconds)
    }
    if moment != nil { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    guard process.terminationReason == .exit else { return false }
    #expect(process.terminationStatus == 0)
    return true
  }

  private func losses(_ run: String) throws -> [String] {
    var losses: [String] = []
    for file in EventFile.files(in: run) {
      var reader = EventLogReader(path: file)
      let poll = try reader.poll(limit: .max)
      #expect(poll.gaps.isEmpty && !poll.hasTornTail)
      for event in poll.events {
        for case .scalar(let tag, let value) in event.values
        where tag.hasPrefix("loss/") || tag.hasPrefix("accuracy/") {
          losses.append("\(event.step) \(tag) \(value.bitPattern)")
        }
      }
    }
    return losses
  }

  @Test func killedRunsEndAsOthersDo() throws {
    try withScratchFolder { folder in
      try put(Array(Self.experiment.utf8), at: "\(folder)/killed.yaml")
      let whole = "\(folder)/whole"
      #expect(try train(whole, in: folder, killAt: nil))
      let last = try #require(Checkpoint.list(in: RunDirectory(path: whole)).last)
      let expected = try bytes(of: last.weightsPath)
      let log = try losses(whole)
      #expect(log.count > 800)

      var random = SeededGenerator(state: 200)
      var (kills, runs) = (0, 0)
      // The steps from which it went on, and what kills left: logs longer than their checkpoint counts
      // on, and halves of checkpoints.
      var steps: Set<Int> = []
      var (overlong, halves) = (0, 0)
      while kills < Self.kills {
        let path = "\(folder)/run-\(runs)"
        let run = RunDirectory(path: path)
        runs += 1
        var hasEnded = false
        while !hasEnded {
          let moment: Moment? =
            kills >= Self.kills
            ? nil
            : kills.isMultiple(of: 5)
              ? .starting(Int.random(in: 0...300, using: &random))
              : .training(Int.random(in: 0...250, using: &random))
          hasEnded = try train(path, in: folder, killAt: moment)
          guard !hasEnded else { break }
          kills += 1
          if let checkpoint = Checkpoint.latest(in: run) {
            steps.insert(1000 * runs + checkpoint.position.step)
            let length = try run.eventFiles().last.map { try bytes(of: $0).count } ?? 0
            if length > checkpoint.position.logLength { overlong += 1 }
          }
          let files = ((try? names(in: run.checkpointsPath)) ?? []).filter {
            !$0.hasSuffix(".safetensors")
          }
          if files.count > Checkpoint.list(in: run).count { halves += 1 }
        }
        #expect(try bytes(of: "\(path)/checkpoints/\(last.weightsName)") == expected)
        #expect(try losses(path) == log)
        #expect(try names(in: run.checkpointsPath).count == 2 * Checkpoint.list(in: run).count)
      }
      // They were killed at work, and not only while they were starting.
      #expect(steps.count >= Self.kills / 4)
      print(
        "\(kills) kills survived in \(runs) runs, which went on from \(steps.count) checkpoints; \(overlong) "
          + "logs were cut, \(halves) kills left half a checkpoint")
    }
  }
}
