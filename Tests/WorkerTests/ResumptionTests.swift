import Architecture
import Datasets
import EventLog
import Experiments
import Foundation
import TestSupport
import Testing

@testable import Worker

/// Runs that go on where another process left them.
@Suite(.serialized) struct ResumptionTests {
  private func training(
    _ experiment: Experiment = .small, in folder: String, maxSteps: Int? = nil,
    start: TrainingRun.Start = .resumed, threads: Int = 1,
    progress: any ProgressSink = SilentProgress(), signal: @escaping () -> Int32 = { 0 }
  ) throws(WorkerError) -> TrainingRun {
    try TrainingRun(
      experiment, directory: RunDirectory(path: folder), location: DatasetLocation(folders: []),
      options: TrainingRun.Options(
        threads: threads, maxSteps: maxSteps, start: start, version: "test"),
      progress: progress, signal: signal)
  }

  /// Why a training cannot be had; nil where it can.
  private func refusal(_ training: () throws(WorkerError) -> TrainingRun) -> WorkerError? {
    do throws(WorkerError) {
      _ = try training()
      return nil
    } catch {
      return error
    }
  }

  /// Everything in a log but what clocks say: step by step, in its order.
  private func values(_ folder: String) throws -> [String] {
    var values: [String] = []
    for event in try loggedEvents(folder) {
      for value in event.values {
        switch value {
        case .scalar(let tag, let value):
          if tag.hasPrefix("throughput/") || tag.hasSuffix("/time_ms") { continue }
          values.append("\(event.step) \(tag) \(value.bitPattern)")
        case .text(let tag, let text):
          if tag != "run/control" { values.append("\(event.step) \(tag) \(text)") }
        case .image(let tag, let image): values.append("\(event.step) \(tag) \(image.bytes)")
        }
      }
    }
    return values
  }

  private func weights(_ folder: String, step: Int) throws -> [UInt8] {
    try bytes(
      of: CheckpointFiles(folder: "\(folder)/checkpoints", step: step).weightsPath)
  }

  /// Copies the run directory at some steps, as a kill would leave it on the disk.
  private final class Copying: ProgressSink {
    let folder: String
    init(_ folder: String) { self.folder = folder }

    func began(_ run: RunDescription) {}
    func halted(_ reason: String) {}
    func grew(_ growth: NetworkGrowth) {}
    func measured(_ measurement: Worker.Measurement) {
      copy("\(measurement.split)-\(measurement.step)")
    }
    func ended(_ summary: RunSummary) {}
    func stepped(_ progress: Worker.Progress) { copy("step-\(progress.step)") }

    private func copy(_ name: String) {
      try? FileManager.default.copyItem(atPath: folder, toPath: "\(folder)-\(name)")
    }
  }

  /// Who asks to stop during the last step of an epoch or of the run does not wait for its validation; the
  /// run is validated when it is gone on with.
  @Test(arguments: [10, 20]) func validationsAreMadeUpFor(step: Int) throws {
    try withScratchFolder { root in
      let (whole, stopped) = ("\(root)/whole", "\(root)/stopped")
      _ = try training(in: whole, start: .anew).run()
      var steps = 0
      let first = try training(
        in: stopped, start: .anew,
        signal: {
          steps += 1
          return steps == step ? SIGTERM : 0
        }
      ).run()
      #expect(first.state == "stopped" && first.step == step)
      #expect(try !values(stopped).contains { $0.hasPrefix("\(step) accuracy/val ") })
      #expect(try training(in: stopped).run().step == 20)
      #expect(try values(stopped) == values(whole))
      #expect(try weights(stopped, step: 20) == weights(whole, step: 20))
      let (own, other) = (
        try RunStatus.read(from: RunDirectory(path: stopped)),
        try RunStatus.read(from: RunDirectory(path: whole))
      )
      #expect(own.state == .finished && own.bestCheckpoint == other.bestCheckpoint)
      // And no more than once.
      #expect(throws: WorkerError.self) { try training(in: stopped) }
    }
  }

  private static let optimizers = ["sgd", "adamw", "averaged", "grown", "bf16", "recipe"]

  private func experiment(_ optimizer: String) -> Experiment {
    var experiment = Experiment.small
    experiment.checkpoint.everySteps = 3
    experiment.checkpoint.keep = 2
    experiment.log.layersEverySteps = 4
    experiment.data.augment = [.flip, .crop]
    if optimizer == "adamw" {
      experiment.optimizer = OptimizerOptions(name: .adamW, learningRate: 1e-3)
    }
    if optimizer == "averaged" { experiment.ema = 0.9 }
    if optimizer == "bf16" { experiment.precision = .bf16 }
    if optimizer == "recipe" {
      experiment.optimizer = OptimizerOptions(
        learningRate: 0.05, momentum: 0.9, weightDecay: 1e-3, decay: .weights, nesterov: true)
      experiment.data.augment = [.flip, .translate, .erase, .mixup]
      experiment.data.testTimeFlip = true
      experiment.loss.labelSmoothing = 0.1
      experiment.schedule.name = .cosine
    }
    if optimizer == "grown" {
      experiment.optimizer = OptimizerOptions(name: .adamW, learningRate: 1e-3)
      experiment.ema = 0.9
      experiment.grow = [ScheduledGrowth(epoch: 1, growth: Growth(stage: 1))]
    }
    return experiment
  }

  /// Whatever the moment, what is left of a killed run ends with the weights and the log of one that
  /// was not interrupted.
  @Test(arguments: optimizers)
  func everyMomentCanBeGoneOnFrom(optimizer: String) throws {
    try withScratchFolder { root in
      let experiment = experiment(optimizer)
      let folder = "\(root)/run"
      let whole = try training(
        experiment, in: folder, start: .anew, progress: Copying(folder)
      ).run()
      #expect(whole.step == 20)
      let (expected, log) = (try weights(folder, step: 20), try values(folder))
      let copies = try names(in: root).filter { $0.hasPrefix("run-") }
      #expect(copies.count == 20 + 3)
      for name in copies {
        let copy = "\(root)/\(name)"
        // Some had begun to write a record.
        if name.hasSuffix("7"), let file = EventFile.files(in: copy).first {
          try put(try bytes(of: file) + [24, 0, 0], at: file)
        }
        let summary = try training(experiment, in: copy).run()
        #expect(summary.step == 20 && summary.state == "finished", "\(name)")
        #expect(try weights(copy, step: 20) == expected, "\(name)")
        #expect(try values(copy) == log, "\(name)")
      }
      print("resumption: \(copies.count) moments gone on from with \(optimizer)")
      // Killed behind its last checkpoint: what is left is the test images.
      let run = RunDirectory(path: folder)
      var status = try RunStatus.read(from: run)
      status.state = .running
      status.process = nil
      try status.write(to: run)
      #expect(try training(experiment, in: folder).run().state == "finished")
      #expect(try values(folder) == log)
    }
  }

  /// A run that was stopped on request, or by `--max-steps`, goes on too, and says after which step.
  @Test func goesOnAfterItsLimit() throws {
    try withScratchFolder { root in
      _ = try training(in: "\(root)/whole", start: .anew).run()
      let sink = Describing()
      for limit in [7, 13, nil] {
        _ = try training(in: "\(root)/parts", maxSteps: limit, progress: sink).run()
      }
      #expect(sink.steps == [0, 7, 13])
      #expect(sink.beginnings[2] == "resumed after step 13")
      #expect(try weights("\(root)/parts", step: 20) == weights("\(root)/whole", step: 20))
      // Nothing is left to be done.
      let refusal = refusal { () throws(WorkerError) in try training(in: "\(root)/parts") }
      guard case .complete(let text) = refusal else {
        Issue.record("\(String(describing: refusal))")
        return
      }
      #expect(text.contains("step 20"))
    }
  }

  private final class Describing: ProgressSink {
    var steps: [Int] = []
    var beginnings: [String?] = []
    func began(_ run: RunDescription) {
      steps.append(run.step)
      beginnings.append(run.beginning)
    }
    func measured(_ measurement: Worker.Measurement) {}
    func grew(_ growth: NetworkGrowth) {}
    func halted(_ reason: String) {}
    func ended(_ summary: RunSummary) {}
    func stepped(_ progress: Worker.Progress) {}
  }

  /// To begin anew where checkpoints were would lose what the log says: it is refused, and nothing changes.
  @Test(arguments: ["damaged", "a file"])
  func lostCheckpointsLoseNoLog(how: String) throws {
    try withScratchFolder { root in
      let folder = "\(root)/run"
      _ = try training(in: folder, start: .anew).run()
      let checkpoints = "\(folder)/checkpoints"
      if how == "damaged" {
        for name in try names(in: checkpoints) where name.hasSuffix(".safetensors") {
          var bytes = try bytes(of: "\(checkpoints)/\(name)")
          bytes[bytes.count - 1] ^= 1
          try put(bytes, at: "\(checkpoints)/\(name)")
        }
      } else {
        try FileManager.default.removeItem(atPath: checkpoints)
        try put([], at: checkpoints)
      }
      let (log, files) = (try values(folder), try names(in: folder))
      let refusal = refusal { () throws(WorkerError) in try training(in: folder) }
      let reason =
        how == "damaged" ? "none of its checkpoints is whole" : "checkpoints: cannot create"
      #expect(refusal?.description.contains(reason) == true, "\(String(describing: refusal))")
      #expect(try values(folder) == log)
      #expect(try names(in: folder) == files)
    }
  }

  @Test func refusesAnotherExperiment() throws {
    try withScratchFolder { root in
      let folder = "\(root)/run"
      _ = try training(in: folder, maxSteps: 5, start: .anew).run()
      let before = try values(folder)
      var other = Experiment.small
      other.optimizer.learningRate = 0.01
      let refusal = refusal { () throws(WorkerError) in try training(other, in: folder) }
      #expect(refusal?.description.contains("optimizer.learning_rate 0.05, not 0.01") == true)
      #expect(try values(folder) == before)
      // What it is called makes no difference.
      other = .small
      (other.name, other.network.name, other.description) = ("new", "new", "words")
      #expect(try training(other, in: folder).run().step == 20)
    }
  }

  /// One worker a run.
  @Test func aSecondWorkerIsRefused() throws {
    try withScratchFolder { root in
      let folder = "\(root)/run"
      let first = try training(in: folder, maxSteps: 5, start: .anew)
      let refusal = refusal { () throws(WorkerError) in try training(in: folder) }
      #expect(refusal == .occupied("\(folder): a worker is at work in it; stop it first"))
      #expect(try first.run().step == 5)
    }
  }

  /// Another number of threads is said, and taken.
  @Test func saysWhatMayDiffer() throws {
    try withScratchFolder { root in
      let folder = "\(root)/run"
      let sink = Describing()
      _ = try training(in: folder, maxSteps: 5, start: .anew, progress: sink).run()
      _ = try training(in: folder, maxSteps: 6, progress: sink).run()
      #expect(try training(in: folder, threads: 2, progress: sink).run().step == 20)
      #expect(sink.beginnings.prefix(2) == [nil, "resumed after step 5"])
      #expect(sink.beginnings.last??.contains("threads 2, was 1") == true)
    }
  }

  /// Notes that were written behind the last checkpoint are kept; a changed learning rate goes on.
  @Test func keepsNotesAndRates() throws {
    try withScratchFolder { root in
      let folder = "\(root)/run"
      _ = try training(in: folder, maxSteps: 5, start: .anew).run()
      let run = RunDirectory(path: folder)
      try #require(RunAnnotation(.note, "look at this")).append(to: run, wallTime: 1)
      _ = try training(in: folder, maxSteps: 6).run()
      #expect(try values(folder).contains("5 run/note look at this"))
      let tags = try loggedEvents(folder).flatMap(\.values).map(\.tag)
      #expect(tags.count { $0 == "run/control" } == 1 && tags.count { $0 == "run/note" } == 1)

      // As `set learning_rate` leaves it.
      var checkpoint = try #require(Checkpoint.latest(in: run))
      checkpoint.position.rateScale = 0.5
      try checkpoint.write(to: run)
      _ = try training(in: folder).run()
      let half = Float(0.025).bitPattern
      #expect(try values(folder).contains("10 learning_rate \(half)"))
      #expect(Checkpoint.latest(in: run)?.position.rateScale == 0.5)
    }
  }

  /// A run that never came to a checkpoint begins anew.
  @Test func withoutACheckpointItBeginsAnew() throws {
    try withScratchFolder { root in
      let folder = "\(root)/run"
      _ = try training(in: "\(root)/whole", start: .anew).run()
      for damage in 0..<3 {
        try? FileManager.default.removeItem(atPath: folder)
        _ = try training(in: folder, maxSteps: 5, start: .anew).run()
        let run = RunDirectory(path: folder)
        switch damage {
        // Killed before the first checkpoint.
        case 0: try FileManager.default.removeItem(atPath: run.checkpointsPath)
        // Killed while the folder was being set up.
        case 1:
          try FileManager.default.removeItem(atPath: run.checkpointsPath)
          for file in run.eventFiles() { try FileManager.default.removeItem(atPath: file) }
          try put([], at: run.experimentPath)
        // Half a pair.
        default:
          try FileManager.default.removeItem(
            atPath: CheckpointFiles(folder: run.checkpointsPath, step: 5).weightsPath)
        }
        #expect(try training(in: folder).run().step == 20)
        #expect(try values(folder) == values("\(root)/whole"), "\(damage)")
        #expect(try weights(folder, step: 20) == weights("\(root)/whole", step: 20))
      }
    }
  }

  /// A log that has lost what its checkpoint counts on leads back to an older checkpoint; where there is
  /// none, or no log, the run cannot be gone on with.
  @Test func refusesAShortLog() throws {
    try withScratchFolder { root in
      let folder = "\(root)/run"
      let run = RunDirectory(path: folder)
      _ = try training(in: "\(root)/whole", start: .anew).run()
      for limit in [5, 7] {
        _ = try training(in: folder, maxSteps: limit).run()
      }
      let file = try #require(EventFile.files(in: folder).first)
      let log = try bytes(of: file)
      let length = try #require(Checkpoint.latest(in: run, upTo: 5)).position.logLength

      try put(Array(log.prefix(length - 1)), at: file)
      let short = refusal { () throws(WorkerError) in try training(in: folder) }
      #expect(short?.description.contains("has \(length - 1) bytes") == true)
      try FileManager.default.removeItem(atPath: file)
      let none = refusal { () throws(WorkerError) in try training(in: folder) }
      #expect(none?.description.contains("has no event log") == true)
      guard case .input = none else {
        Issue.record("\(String(describing: none))")
        return
      }

      try put(Array(log.prefix(length + 1)), at: file)
      // Of the later checkpoint nothing is left that could be taken for the new run's.
      _ = try training(in: folder, maxSteps: 6).run()
      #expect(Checkpoint.list(in: run).map(\.step) == [5, 6])
      #expect(try training(in: folder).run().step == 20)
      func losses(_ folder: String) throws -> [String] {
        try values(folder).filter { $0.contains(" loss/train ") }
      }
      #expect(try losses(folder) == losses("\(root)/whole"))
      #expect(try weights(folder, step: 20) == weights("\(root)/whole", step: 20))
    }
  }

  /// What a kill leaves of a log that was being cut is no log, and goes.
  @Test func partialFilesAreNoLogs() throws {
    try withScratchFolder { root in
      let folder = "\(root)/run"
      _ = try training(in: folder, maxSteps: 5, start: .anew).run()
      let file = try #require(EventFile.files(in: folder).first)
      let copy = try bytes(of: file)
      for name in [".events.out.tfevents.1.resnet-tui.9.partial", ".log.9.partial"] {
        try put(copy, at: "\(folder)/\(name)")
      }
      #expect(EventFile.files(in: folder) == [file])
      #expect(try training(in: folder).run().step == 20)
      #expect(try names(in: folder).allSatisfy { !$0.hasPrefix(".") })
    }
  }

  /// A folder of something else is no run; an empty one begins anew, and says so.
  @Test func foldersWithoutARun() throws {
    try withScratchFolder { root in
      try put([1], at: "\(root)/thesis.tex")
      let other = refusal { () throws(WorkerError) in try training(in: root) }
      #expect(other?.description.contains("holds no run, but other files") == true)
      #expect(try names(in: root) == ["thesis.tex"])
      let sink = Describing()
      _ = try training(in: "\(root)/new", maxSteps: 2, progress: sink).run()
      #expect(sink.beginnings == ["no checkpoint to resume from: it begins anew"])
    }
  }

  // MARK: Forks

  /// A fork with the same experiment goes on as the other run did; one with another schedule, another
  /// head and another optimizer takes what fits.
  @Test func forks() throws {
    try withScratchFolder { root in
      var experiment = Experiment.small
      experiment.checkpoint.everySteps = 4
      experiment.checkpoint.keep = 9
      let parent = "\(root)/small/runs/parent"
      _ = try training(experiment, in: parent, start: .anew).run()

      let same = "\(root)/same"
      let fork = Fork(run: parent, step: 9)
      _ = try training(experiment, in: same, start: .forked(fork)).run()
      #expect(try weights(same, step: 20) == weights(parent, step: 20))
      let losses = try values(same).filter { $0.contains(" loss/train ") }
      #expect(losses.count == 12)
      #expect(losses == (try values(parent).filter { $0.contains(" loss/train ") }.suffix(12)))
      #expect(Checkpoint.list(in: RunDirectory(path: same)).first?.step == 8)

      // Killed before its second checkpoint, it goes on from the first.
      let killed = "\(root)/killed"
      _ = try training(experiment, in: killed, maxSteps: 9, start: .forked(fork)).run()
      let run = RunDirectory(path: killed)
      for suffix in ["safetensors", "state"] {
        try FileManager.default.removeItem(
          atPath: "\(run.checkpointsPath)/step-00000009.\(suffix)")
      }
      #expect(try training(experiment, in: killed).run().step == 20)
      #expect(try weights(killed, step: 20) == weights(parent, step: 20))

      var other = experiment
      other.network.stages.append(Stage(blocks: 1, channels: 16, stride: 2))
      other.optimizer = OptimizerOptions(name: .adamW, learningRate: 1e-3)
      other.ema = 0.9
      other.epochs = 3
      let folder = "\(root)/other"
      #expect(
        try training(other, in: folder, start: .forked(Fork(run: parent))).run().step == 30)
      var reader = EventLogReader(path: try #require(EventFile.files(in: folder).first))
      var history = RunHistory()
      history.apply(try reader.poll())
      let remark = try #require(history.remarks.first { $0.tag == "run/control" })
      #expect(remark.step == 20 && remark.text.contains("forked from small/parent at step 20"))
      #expect(remark.text.contains("layer2.0.conv1.weight is the first that is drawn anew"))
    }
  }

  /// Where the checkpoint has not what the optimizer keeps, its first update is no larger than any first
  /// one; what it has goes on as it was, beside tensors of the same block that are drawn.
  @Test func theOptimizerBeginsAnewWhereItHasNothing() throws {
    try withScratchFolder { root in
      var adamW = Experiment.small
      adamW.optimizer = OptimizerOptions(name: .adamW, learningRate: 1e-3, weightDecay: 0)
      var longer = adamW
      longer.epochs = 3
      func begin(_ name: String, as experiment: Experiment, with parent: String) throws
        -> [Checkpoint]
      {
        let start = TrainingRun.Start.forked(Fork(run: parent))
        _ = try training(experiment, in: "\(root)/\(name)", maxSteps: 21, start: start).run()
        return try [20, 21].map {
          try CheckpointFiles(folder: "\(root)/\(name)/checkpoints", step: $0).load()
        }
      }
      _ = try training(in: "\(root)/sgd", start: .anew).run()
      let checkpoints = try begin("other", as: longer, with: "\(root)/sgd")
      let parameters = try NetworkPlan(longer.network).parameters.map(\.name)
      #expect(
        checkpoints[1].position.births == ["conv1": 20, "bn1": 20, "layer1.0": 20, "fc": 20])
      let updates = try parameters.flatMap { name in
        let (before, after) = (
          checkpoints[0].weights[name]?.floats, checkpoints[1].weights[name]?.floats
        )
        return zip(try #require(before), try #require(after)).map { abs($0 - $1) }
      }
      // Adam's first update is the learning rate, whatever the gradient.
      let largest = try #require(updates.max())
      #expect(abs(largest - 1e-3) < 1e-5)

      _ = try training(adamW, in: "\(root)/adamw", start: .anew).run()
      longer.network.convBias = true
      let births = try begin("biases", as: longer, with: "\(root)/adamw")[1].position.births
      #expect(
        births == [
          "conv1.bias": 20, "layer1.0.conv1.bias": 20, "layer1.0.conv2.bias": 20,
          "layer1.0.downsample.0.bias": 20,
        ])
    }
  }

  @Test func forksThatCannotBe() throws {
    try withScratchFolder { root in
      let parent = "\(root)/parent"
      _ = try training(in: parent, start: .anew).run()
      func refusal(_ fork: Fork) -> String {
        self.refusal { () throws(WorkerError) in
          try training(in: "\(root)/fork", start: .forked(fork))
        }?.description ?? "none"
      }
      #expect(refusal(Fork(run: parent)).contains("the fork begins after step 20; raise epochs"))
      #expect(refusal(Fork(run: parent, step: 9)).contains("those of steps 10, 20"))
      #expect(refusal(Fork(run: "\(root)/nothing")).contains("no such run"))
      #expect(!FileManager.default.fileExists(atPath: "\(root)/fork"))
    }
  }
}
