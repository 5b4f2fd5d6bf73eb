import Architecture
import Datasets
import EventLog
import Experiments
import Foundation
import Synchronization
import TestSupport
import Testing
import TrainingEngine

@testable import Worker

/// Blocks that are added while a network is trained.
@Suite(.serialized) struct GrowthTests {
  /// Kinds of networks in which a block can be the identity.
  private static let kinds: [(name: String, change: @Sendable (inout Experiment) -> Void)] = [
    ("basic", { _ in }),
    (
      "pre-activation with biases",
      { ($0.network.preActivation, $0.network.convBias) = (true, true) }
    ),
    (
      "grouped bottleneck",
      {
        $0.network.block = .bottleneck
        $0.network.grouping = .cardinality(groups: 4, widthPerGroup: 32)
        $0.network.stages[0].channels = 16
      }
    ),
    ("option A, norms of the shortcut left out", { $0.network.shortcut = .identityPad }),
    ("averaged weights", { $0.ema = 0.9 }),
    ("bf16", { $0.precision = .bf16 }),
  ]

  private static let batch = 16

  private func network(_ experiment: Experiment) throws -> Network {
    try Network(
      NetworkProgram(
        NetworkPlan(experiment.network), batch: Self.batch, threads: 1,
        precision: experiment.precision,
        state: OptimizerState(
          hasSquares: experiment.optimizer.name == .adamW, hasAverage: experiment.ema != nil)),
      seed: 1)
  }

  /// Shows a network a batch that is always the same.
  private func show(_ network: Network) {
    for index in network.images.indices {
      network.images[index] = Float((index * 37) % 101) / 50 - 1
    }
  }

  private static let labels = (0..<batch).map { Int32($0 % 10) }

  private func train(_ network: Network) {
    show(network)
    _ = Self.labels.withUnsafeBufferPointer { network.computeGradients(labels: $0) }
  }

  private func evaluate(_ network: Network) -> [Float] {
    show(network)
    _ = Self.labels.withUnsafeBufferPointer { network.evaluate(labels: $0) }
    return network.logits
  }

  private func distance(_ one: [Float], _ other: [Float]) -> Double {
    zip(one, other).reduce(0) { max($0, Double(abs($1.0 - $1.1))) }
  }

  /// Logits of a batch, in training and in evaluation, and the gradients of the parameters that there
  /// were, are the same before and after; what is new then learns.
  @Test(arguments: kinds.indices)
  func theNetworkComputesWhatItDid(index: Int) throws {
    let kind = Self.kinds[index]
    var experiment = Experiment.small
    experiment.network.stages.append(Stage(blocks: 1, channels: 16, stride: 2))
    kind.change(&experiment)
    let before = try network(experiment)
    for _ in 0..<3 {
      train(before)
      before.update(SGD(learningRate: 0.05, momentum: 0.9))
      if experiment.ema != nil { before.updateAverage(weight: 0.5) }
    }
    var grown = experiment
    grown.network = try experiment.network.grown(by: [
      Growth(stage: 1, blocks: 2), Growth(stage: 2),
    ])
    let after = try network(grown)
    let state = try before.checkpoint(
      at: Checkpoint.Position(step: 3, epoch: 0, batchIndex: 3, logLength: 0, seed: 1))
    let adoption = try after.adopt(state)
    try after.drawIdentity(adoption.drawn, seed: 1, step: 3)
    #expect(adoption.kept == before.program.plan.parameters.count)

    var largest = distance(evaluate(before), evaluate(after))
    if experiment.ema != nil {
      let averaged = before.withAverage { evaluate(before) }
      largest = max(largest, distance(averaged, after.withAverage { evaluate(after) }))
    }
    train(before)
    train(after)
    largest = max(largest, distance(before.logits, after.logits))
    for parameter in before.program.plan.parameters {
      let gradient = try before.gradient(parameter.name)
      let difference = distance(gradient, try after.gradient(parameter.name))
      let scale = gradient.reduce(0) { max($0, Double(abs($1))) }
      #expect(difference <= 1e-6 * max(1, scale), "\(kind.name): \(parameter.name)")
    }
    print("growth: \(kind.name): logits differ by \(largest) at most")
    #expect(largest <= 1e-6, "\(kind.name)")

    let moved = adoption.drawn.filter { name in
      (try? after.gradient(name).contains { $0 != 0 }) == true
    }
    #expect(!moved.isEmpty, "\(kind.name): nothing that is new learns")
    // The draws are those of this step, and of no other layer.
    let draws = try adoption.drawn.filter { $0.hasSuffix("conv1.weight") }.map {
      try after.parameter($0)
    }
    #expect(Set(draws).count == draws.count && draws.allSatisfy { Set($0).count > 10 })
  }

  /// Adam's moments of what is new begin when it comes: its first update is as large as the learning rate.
  @Test func momentsBeginWithTheirParameters() throws {
    let experiment = Experiment.small
    func grown(birth: Int?) throws -> [Float] {
      var grown = experiment
      grown.optimizer = OptimizerOptions(name: .adamW, learningRate: 1e-3)
      grown.network = try experiment.network.grown(by: [Growth(stage: 1)])
      let network = try network(grown)
      let names = network.program.plan.parameters.map(\.name).filter { $0.hasPrefix("layer1.1.") }
      try network.drawIdentity(names, seed: 1, step: 100)
      if let birth { network.setBirth(birth, of: names) }
      train(network)
      network.update(AdamW(learningRate: 1e-3, weightDecay: 0, step: 20_001))
      return try network.parameter("layer1.1.bn2.weight")
    }
    for scale in try grown(birth: 20_000) { #expect(abs(abs(scale) - 1e-3) < 1e-5) }
    // Without, the first would be three times as large.
    #expect(try grown(birth: nil).contains { abs($0) > 2e-3 })
  }

  /// A message is refused behind which what is planned could not come: the run could never be resumed.
  @Test(arguments: [
    [ScheduledGrowth(epoch: 9_999, growth: Growth(stage: 1, blocks: 511))],
    Array(repeating: ScheduledGrowth(epoch: 9_999, growth: Growth(stage: 1)), count: 100),
  ])
  func messagesLeaveRoomForThePlan(planned: [ScheduledGrowth]) throws {
    try withScratchFolder { root in
      var experiment = Experiment.small
      experiment.grow = planned
      experiment.epochs = 10_000
      let mailbox = ControlMailbox()
      let replies = Mutex<[ControlReply]>([])
      let sender = DispatchGroup()
      let thread = Thread {
        for message: ControlMessage in [.grow(Growth(stage: 1)), .stop] {
          let reply = mailbox.post(message)
          replies.withLock { $0.append(reply) }
        }
        sender.leave()
      }
      sender.enter()
      thread.start()
      let stopped = try training(experiment, in: "\(root)/run", mailbox: mailbox).run()
      #expect(stopped.state == "stopped")
      sender.wait()
      let all = replies.withLock { $0 }
      #expect(all.map(\.isDone) == [false, true])
      #expect(all[0].text.contains("what the experiment plans would not be possible behind it"))
      _ = try training(experiment, in: "\(root)/run", start: .resumed)
    }
  }

  private func training(
    _ experiment: Experiment, in folder: String, maxSteps: Int? = nil,
    start: TrainingRun.Start = .anew, mailbox: ControlMailbox? = nil
  ) throws(WorkerError) -> TrainingRun {
    try TrainingRun(
      experiment, directory: RunDirectory(path: folder), location: DatasetLocation(folders: []),
      options: TrainingRun.Options(
        threads: 1, maxSteps: maxSteps, start: start, version: "test"), progress: SilentProgress(),
      control: mailbox)
  }

  private func weights(_ folder: String, step: Int) throws -> [UInt8] {
    try bytes(of: CheckpointFiles(folder: "\(folder)/checkpoints", step: step).weightsPath)
  }

  /// What an experiment plans happens at the end of its epoch, and stands in log and checkpoint; those who
  /// read the run know the network that it has become.
  @Test func growsAsPlanned() throws {
    try withScratchFolder { root in
      var experiment = Experiment.small
      experiment.grow = [ScheduledGrowth(epoch: 1, growth: Growth(stage: 1, blocks: 2))]
      experiment.log.layersEverySteps = 5
      experiment.checkpoint = CheckpointOptions(everySteps: 5, keep: 9)
      let folder = "\(root)/run"
      #expect(try training(experiment, in: folder).run().step == 20)
      let history = try loggedHistory(folder)
      let records = GrowthRecord.records(text: history.text(GrowthRecord.tag))
      #expect(records == [GrowthRecord(step: 10, Growth(stage: 1, blocks: 2))])
      #expect(history.textStep("run/layers") == 10)
      #expect(history.text("run/layers")?.contains("layer1.2.conv2") == true)
      let remark = try #require(history.remarks.first)
      #expect(remark.step == 10 && remark.text.hasPrefix("grown by layer1.1, layer1.2"))
      // Its layers have records, like any other's.
      #expect(history.series("layers/layer1.2.conv2/weight_norm") != nil)

      let trained = try TrainedWeights(folder)
      #expect(trained.experiment.network.stages[0].blocks == 3 && trained.experiment.grow == [])
      #expect(trained.weights["layer1.2.bn2.weight"] != nil)
      #expect(try SpecReference.resolve(folder).spec.stages[0].blocks == 3)
      let evaluation = try Evaluation(
        of: trained.weights, file: trained.file, experiment: trained.experiment, on: .val,
        location: DatasetLocation(folders: []), threads: 1, convolution: .auto)
      let accuracy = try #require(history.series("accuracy/val")?.latest?.value)
      #expect(abs(evaluation.accuracy - accuracy) < 1e-6)

      // Ended at the very step, it goes on to the same weights.
      let parts = "\(root)/parts"
      #expect(try training(experiment, in: parts, maxSteps: 10).run().step == 10)
      #expect(Checkpoint.latest(in: RunDirectory(path: parts))?.position.growths == records)
      #expect(try training(experiment, in: parts, start: .resumed).run().step == 20)
      #expect(try weights(parts, step: 20) == weights(folder, step: 20))

      // Weights that stand alone are known by their run.
      let alone = "\(root)/alone.safetensors"
      try put(try weights(folder, step: 20), at: alone)
      let known = try TrainedWeights(alone, experiment: folder)
      #expect(known.experiment.network == trained.experiment.network)
      // In their run, without what else a checkpoint has, they are those of their step.
      for (step, blocks) in [(5, 1), (10, 3), (20, 3)] {
        let files = CheckpointFiles(folder: "\(folder)/checkpoints", step: step)
        try FileManager.default.removeItem(atPath: files.statePath)
        let known = try TrainedWeights(files.weightsPath)
        #expect(known.experiment.network.stages[0].blocks == blocks)
        #expect(known.weights["layer1.2.bn2.weight"] != nil || blocks == 1)
      }
    }
  }

  /// A fork of a grown run goes on as that did, Adam's moments of what came late too; into a deeper network
  /// it begins as what it was.
  @Test func forks() throws {
    try withScratchFolder { root in
      var experiment = Experiment.small
      experiment.optimizer = OptimizerOptions(name: .adamW, learningRate: 1e-3)
      experiment.ema = 0.9
      experiment.checkpoint = CheckpointOptions(everySteps: 5, keep: 9)
      experiment.grow = [ScheduledGrowth(epoch: 1, growth: Growth(stage: 1))]
      let parent = "\(root)/small/runs/parent"
      #expect(try training(experiment, in: parent).run().step == 20)

      var draft = experiment
      draft.network = try experiment.network.grown(by: [Growth(stage: 1)])
      let fork = Fork(run: parent, step: 15)
      let early = #expect(throws: WorkerError.self) {
        var draft = draft
        draft.grow = experiment.grow
        _ = try training(draft, in: "\(root)/early", start: .forked(fork))
      }
      #expect(early?.description.hasPrefix("grow[0].epoch: 1 ends at or before step 15") == true)
      draft.grow = []
      let same = "\(root)/same"
      #expect(try training(draft, in: same, maxSteps: 17, start: .forked(fork)).run().step == 17)
      #expect(try training(draft, in: same, start: .resumed).run().step == 20)
      #expect(try weights(same, step: 20) == weights(parent, step: 20))

      // As the experiment began, the run's blocks have no place.
      var shallow = experiment
      shallow.grow = []
      let lost = "\(root)/lost"
      _ = try training(shallow, in: lost, maxSteps: 16, start: .forked(fork)).run()
      let remark = try #require(loggedHistory(lost).remarks.first?.text)
      #expect(remark.contains("of the run's have no place, layer1.1."), "\(remark)")

      // From before it grew, the deeper draft's block begins as the identity.
      let deeper = "\(root)/deeper"
      let before = Fork(run: parent, step: 5)
      _ = try training(draft, in: deeper, maxSteps: 6, start: .forked(before)).run()
      #expect(
        try #require(loggedHistory(deeper).remarks.first?.text).contains(
          "layer1.1 begin as the identity"))
      let first = try #require(Checkpoint.latest(in: RunDirectory(path: deeper), upTo: 5))
      #expect(first.weights["layer1.1.bn2.weight"]?.floats?.allSatisfy { $0 == 0 } == true)
      #expect(first.position.births == ["layer1.1": 5])
    }
  }

  /// A checkpoint of the step at which a network grows is not written over: it would be no moment's work.
  @Test func checkpointsOfAStepStayAsTheyAre() throws {
    try withScratchFolder { root in
      let folder = "\(root)/run"
      var experiment = Experiment.small
      experiment.epochs = 10_000
      experiment.checkpoint.keep = 1
      let mailbox = ControlMailbox()
      let replies = Answers()
      let thread = Thread {
        for message: ControlMessage in [.pause, .checkpoint, .grow(Growth(stage: 1)), .checkpoint] {
          replies.add(mailbox.post(message))
          if message == .checkpoint, let newest = Checkpoint.latest(in: RunDirectory(path: folder))
          {
            replies.add(newest)
          }
        }
        replies.add(mailbox.post(.resume))
        replies.add(mailbox.post(.stop))
      }
      thread.start()
      defer { mailbox.close() }
      _ = try training(experiment, in: folder, mailbox: mailbox).run()
      #expect(replies.all[1].text.hasPrefix("wrote checkpoints/"))
      #expect(replies.all[3].text.hasPrefix("follows step"), "\(replies.all[3].text)")
      let kept = replies.checkpoints
      #expect(kept.count == 2 && kept[0] == kept[1] && kept[0].position.growths == nil)
      let last = try #require(Checkpoint.latest(in: RunDirectory(path: folder)))
      #expect(last.position.growths?.count == 1 && last.position.step > kept[0].position.step)
    }
  }

  /// A message grows a network between two steps; one that cannot be done says why, and changes nothing.
  @Test func growsOnRequest() throws {
    try withScratchFolder { root in
      let folder = "\(root)/run"
      var experiment = Experiment.small
      experiment.epochs = 10_000
      experiment.network.stages.append(Stage(blocks: 1, channels: 16, stride: 2))
      let mailbox = ControlMailbox()
      let replies = Answers()
      let thread = Thread {
        for message: ControlMessage in [
          .pause, .grow(Growth(stage: 3)), .grow(Growth(stage: 2, blocks: 600)),
          .grow(Growth(stage: 2)), .grow(Growth(stage: 1)), .resume, .stop,
        ] {
          replies.add(mailbox.post(message))
        }
      }
      thread.start()
      defer { mailbox.close() }
      let summary = try training(experiment, in: folder, mailbox: mailbox).run()
      let all = replies.all
      #expect(all.map(\.isDone) == [true, false, false, true, true, true, true])
      #expect(all[1].text.contains("there is no stage 3"))
      #expect(all[3].text.hasPrefix("grown by layer2.1"))
      let checkpoint = try #require(Checkpoint.latest(in: RunDirectory(path: folder)))
      #expect(checkpoint.position.growths?.map(\.stage) == [2, 1])
      #expect(checkpoint.position.step == summary.step)
      #expect(checkpoint.weights["layer2.1.conv1.weight"] != nil)
      #expect(checkpoint.weights["layer1.1.conv1.weight"] != nil)
      // A resumed run is what it has become.
      let resumed = try TrainingRun(
        experiment, directory: RunDirectory(path: folder), location: DatasetLocation(folders: []),
        options: TrainingRun.Options(
          threads: 1, maxSteps: summary.step + 2, start: .resumed, version: "test"),
        progress: SilentProgress())
      #expect(try resumed.run().step == summary.step + 2)
      let history = try loggedHistory(folder)
      #expect(GrowthRecord.records(text: history.text(GrowthRecord.tag)).count == 2)
    }
  }

  private final class Answers: @unchecked Sendable {
    private let lock = NSLock()
    private var replies: [ControlReply] = []
    private var found: [Checkpoint] = []
    var checkpoints: [Checkpoint] { lock.withLock { found } }
    func add(_ checkpoint: Checkpoint) { lock.withLock { found.append(checkpoint) } }
    var all: [ControlReply] { lock.withLock { replies } }
    func add(_ reply: ControlReply) { lock.withLock { replies.append(reply) } }
  }

  /// Networks whose blocks cannot be the identity do not grow.
  @Test func plainNetworksDoNotGrow() throws {
    var experiment = Experiment.small
    experiment.grow = [ScheduledGrowth(epoch: 1, growth: Growth(stage: 1))]
    experiment.network.shortcut = .none
    try withScratchFolder { root in
      let error = #expect(throws: WorkerError.self) { try training(experiment, in: "\(root)/run") }
      #expect(
        error?.description.contains("grow: network.shortcut: blocks without a shortcut") == true)
    }
  }
}
