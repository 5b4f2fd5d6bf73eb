import Glibc
import TestSupport
import Testing

@testable import Experiments

@Suite struct CheckpointTests {
  static func checkpoint(step: Int, value: Float = 1) -> Checkpoint {
    Checkpoint(
      position: .init(
        step: step, epoch: 1, batchIndex: 2, logLength: 100 * step, seed: 1 << 63,
        best: .init(step: 1, accuracy: 0.1)),
      weights: Safetensors([
        "w": .init(floats: [Float(step), value], shape: [2]),
        "num_batches_tracked": .init(integers: [Int64(step)], shape: []),
      ]),
      optimizer: Safetensors(["w": .init(floats: [0.5, -value], shape: [2])]))
  }

  /// Calls `body` with a run that has the checkpoints of `steps`.
  static func withRun(steps: [Int], _ body: (RunDirectory) throws -> Void) throws {
    try withScratchFolder { folder in
      let run = RunDirectory(path: "\(folder)/run")
      #expect(try run.create(experiment: ""))
      for step in steps { try checkpoint(step: step).write(to: run) }
      try body(run)
    }
  }

  @Test func readsBackWhatItWrites() throws {
    try Self.withRun(steps: [5, 100_000_000, 20]) { run in
      #expect(Checkpoint.list(in: run).map(\.step) == [5, 20, 100_000_000])
      #expect(Checkpoint.latest(in: run) == Self.checkpoint(step: 100_000_000))
      let files = CheckpointFiles(folder: run.checkpointsPath, step: 5)
      #expect(files.weightsName == "step-00000005.safetensors")
      let loaded = try files.load()
      #expect(loaded == Self.checkpoint(step: 5))
      let weights = try Safetensors.read(files.weightsPath)
      #expect(weights == loaded.weights)
    }
  }

  @Test func weightFilesDependOnTheWeightsAlone() throws {
    try Self.withRun(steps: []) { run in
      var checkpoint = Self.checkpoint(step: 1)
      let first = try bytes(of: try checkpoint.write(to: run).weightsPath)
      checkpoint.position.step = 2
      checkpoint.position.logLength += 1
      checkpoint.optimizer = Safetensors()
      #expect(try bytes(of: try checkpoint.write(to: run).weightsPath) == first)
    }
  }

  /// An interruption at any moment leaves the checkpoint before, or the new one.
  @Test(arguments: Checkpoint.WriteMoment.allCases, [5, 6])
  func anInterruptedWriteLosesNothing(moment: Checkpoint.WriteMoment, step: Int) throws {
    try Self.withRun(steps: [4, 5]) { run in
      let new = Self.checkpoint(step: step, value: 9)
      // The half-written file that a real interruption leaves.
      try put([1, 2], at: "\(run.checkpointsPath)/.step-00000006.state.77.partial")
      try new.write(to: run) { $0 != moment }
      let expected =
        switch (moment, step) {
        case (.afterWeights, _): new
        case (.betweenFiles, 5): Self.checkpoint(step: 4)
        default: Self.checkpoint(step: 5)
        }
      #expect(Checkpoint.latest(in: run) == expected)
      try Checkpoint.removeOrphans(in: run)
      #expect(Checkpoint.latest(in: run) == expected)
      let left = Checkpoint.list(in: run)
      #expect(left.allSatisfy(\.isWhole) && left.last?.step == expected.position.step)
      #expect(try names(in: run.checkpointsPath).count == 2 * left.count)
    }
  }

  @Test func anyDamageToAPairFallsBackToTheOneBefore() throws {
    try Self.withRun(steps: [1, 2]) { run in
      let files = CheckpointFiles(folder: run.checkpointsPath, step: 2)
      for path in [files.statePath, files.weightsPath] {
        let sound = try bytes(of: path)
        for index in sound.indices {
          var damaged = sound
          damaged[index] ^= 1 << UInt8(index % 8)
          try put(damaged, at: path)
          #expect(Checkpoint.latest(in: run) == Self.checkpoint(step: 1), "byte \(index)")
        }
        try put(Array(sound.dropLast()), at: path)
        #expect(Checkpoint.latest(in: run) == Self.checkpoint(step: 1))
        try put(sound, at: path)
      }
      #expect(Checkpoint.latest(in: run) == Self.checkpoint(step: 2))
    }
  }

  @Test func aPairUnderAnotherStepsNameDoesNotCount() throws {
    try Self.withRun(steps: [1, 2]) { run in
      let from = CheckpointFiles(folder: run.checkpointsPath, step: 2)
      let to = CheckpointFiles(folder: run.checkpointsPath, step: 3)
      try put(try bytes(of: from.statePath), at: to.statePath)
      try put(try bytes(of: from.weightsPath), at: to.weightsPath)
      #expect(Checkpoint.latest(in: run) == Self.checkpoint(step: 2))
    }
  }

  /// A state whose digest is right may still say what no training does.
  @Test(
    arguments: [
      { $0.logLength = -1 }, { $0.epoch = .max }, { $0.batchIndex = -1 }, { $0.step = -1 },
      { $0.best?.step = -1 }, { $0.rateScale = -1 },
      { $0.interval = Checkpoint.Interval(images: 1, correct: 2) },
    ] as [@Sendable (inout Checkpoint.Position) -> Void])
  func positionsThatNoTrainingHasAreDamage(
    change: @Sendable (inout Checkpoint.Position) -> Void
  ) throws {
    var state = CheckpointState(
      position: Self.checkpoint(step: 1).position, weightsDigest: "", optimizer: Safetensors())
    _ = try CheckpointState(bytes: state.bytes(), file: "s")
    change(&state.position)
    #expect(throws: FileError.self) { try CheckpointState(bytes: state.bytes(), file: "s") }
  }

  @Test func pruningKeepsTheNewestAndTheBest() throws {
    try Self.withRun(steps: [1, 2, 3, 4, 5]) { run in
      try Checkpoint.prune(in: run, keep: 2, best: 2)
      #expect(Checkpoint.list(in: run).map(\.step) == [2, 4, 5])
      try Checkpoint.prune(in: run, keep: 0)
      #expect(Checkpoint.list(in: run).map(\.step) == [5])
    }
  }

  /// What cannot be read may be sound: it stays.
  @Test func unreadableFilesStay() throws {
    try Self.withRun(steps: [1, 2]) { run in
      let newest = try #require(Checkpoint.list(in: run).last)
      // Of holes alone, beyond what is read.
      #expect(truncate(newest.weightsPath, Safetensors.fileLimit + 1) == 0)
      #expect(newest.damage?.isUnreadable == true)
      try Checkpoint.removeOrphans(in: run)
      #expect(Checkpoint.list(in: run).map(\.step) == [1, 2])
    }
  }

  @Test func leavesForeignFilesAlone() throws {
    try Self.withRun(steps: [1]) { run in
      let foreign = [
        "notes.txt", "step-2.safetensors", "step-0000000x.state", "step--0000001.state",
        "step-00000003.safetensors.bak", ".other.partial",
      ]
      for name in foreign { try put([1], at: "\(run.checkpointsPath)/\(name)") }
      try Checkpoint.removeOrphans(in: run)
      #expect(Set(try names(in: run.checkpointsPath)).isSuperset(of: foreign))
      #expect(Checkpoint.list(in: run).map(\.step) == [1])
    }
    #expect(Checkpoint.latest(in: RunDirectory(path: "/nonexistent")) == nil)
  }
}
