import Architecture
import Datasets
import EventLog
import Experiments
import Foundation
import Pictures
import Synchronization
import TestSupport
import Testing
import TrainingEngine

@testable import Worker

/// Whole runs of small networks, with what they leave behind.
@Suite(.serialized) struct TrainingRunTests {
  /// Every look at it finds a tenth of a second gone.
  private static func clock() -> WorkerClock {
    let ticks = Ticks()
    return WorkerClock(wall: { 1_000 + ticks.next() }, monotonic: { ticks.next() })
  }

  private final class Ticks: Sendable {
    private let count = Mutex(0)
    func next() -> Double {
      count.withLock {
        $0 += 1
        return Double($0) / 10
      }
    }
  }

  private func run(
    _ experiment: Experiment = .small, in folder: String, maxSteps: Int? = nil,
    signal: @escaping () -> Int32 = { 0 }
  ) throws -> RunSummary {
    try TrainingRun(
      experiment, directory: RunDirectory(path: folder), location: DatasetLocation(folders: []),
      options: TrainingRun.Options(threads: 1, maxSteps: maxSteps, version: "test"),
      progress: SilentProgress(), clock: Self.clock(), signal: signal
    ).run()
  }

  /// The weights of the best validation are kept, whenever checkpoints are due; the status names them.
  @Test(arguments: [nil, 3]) func theBestWeightsAreKept(everyEpochs: Int?) throws {
    try withScratchFolder { root in
      var experiment = Experiment.small
      experiment.checkpoint = CheckpointOptions(everyEpochs: everyEpochs, keep: 1)
      experiment.epochs = 5
      let folder = "\(root)/run"
      _ = try run(experiment, in: folder)
      let accuracies = try #require(loggedHistory(folder).series("accuracy/val")).buckets
      #expect(accuracies.count == 5)
      let best = try #require(accuracies.max { $0.maximum < $1.maximum })
      let directory = RunDirectory(path: folder)
      let name = try #require(RunStatus.read(from: directory).bestCheckpoint)
      #expect(name == CheckpointFiles(folder: "", step: best.lastStep).weightsName)
      let kept = Checkpoint.list(in: directory)
      #expect(kept.contains { $0.weightsName == name })
      #expect(kept.contains { $0.step == 50 } && kept.count <= 2)
    }
  }

  @Test func leavesARunDirectory() throws {
    try withScratchFolder { root in
      let folder = "\(root)/run"
      let summary = try run(in: folder)
      #expect(summary.state == "finished" && summary.step == 20)
      #expect(
        try names(in: folder) == [
          "checkpoints", "events.out.tfevents.1000.resnet-tui", "experiment.yaml", "status.json",
        ])
      #expect(
        try names(in: "\(folder)/checkpoints") == [
          "step-00000010.safetensors", "step-00000010.state", "step-00000020.safetensors",
          "step-00000020.state",
        ])
      let status = try RunStatus.read(from: RunDirectory(path: folder))
      #expect(status.state == .finished && status.exitCode == 0 && status.step == 20)
      #expect(status.totalSteps == 20 && status.epoch == 2 && status.bestCheckpoint != nil)

      let history = try loggedHistory(folder)
      #expect(history.series("loss/train")?.buckets.map(\.lastStep) == Array(1...20))
      #expect(history.series("accuracy/train")?.buckets.map(\.lastStep) == [1, 10, 20])
      #expect(history.series("learning_rate")?.latest?.value == Double(Float(0.05)))
      #expect(history.series("loss/val")?.buckets.map(\.lastStep) == [10, 20])
      #expect(history.series("accuracy/test")?.buckets.map(\.lastStep) == [20])
      // What ran is in the folder and in the log, and is what was asked for.
      let ran = try Experiment.load("\(folder)/experiment.yaml")
      #expect(ran == Experiment.small)
      let text = try #require(history.text("run/experiment"))
      #expect(try Experiment(yaml: text, file: "log") == Experiment.small)
      #expect(history.text("run/layers")?.contains("layer1.0.conv1") == true)
      // Nothing in it tells whose machine it was.
      let names = try #require(FileManager.default.subpaths(atPath: folder)).filter {
        $0.contains(".")
      }
      #expect(names.count >= 6, "\(names)")
      for name in names {
        let content = Data(try bytes(of: "\(folder)/\(name)"))
        #expect(content.range(of: Data(root.utf8)) == nil, "\(name)")
      }
    }
  }

  /// The images that the predictions speak of are the data set's, the confusion matrix counts every
  /// image, and the filters are the first convolution's.
  @Test func recordsThePredictions() throws {
    try withScratchFolder { root in
      let folder = "\(root)/run"
      _ = try run(in: folder)
      let history = try loggedHistory(folder)
      let data = try TrainingData(Experiment.small, location: DatasetLocation(folders: []))
      #expect(data.validation.count == 32)
      for index in 0..<32 {
        let logged = try #require(history.image(Predictions.imageTag(index)))
        #expect(logged.step == 0 && logged.image.width == 28 && logged.image.channels == 1)
        let picture = try #require(Picture(png: logged.image.bytes))
        #expect(picture.pixels == Array(data.validation[pixelsOf: index]))
      }
      #expect(history.image(Predictions.imageTag(32)) == nil)

      let predictions = try #require(
        history.text(Predictions.tag).flatMap { Predictions(text: $0) })
      #expect(predictions.classNames == data.validation.classes)
      #expect(predictions.shown.map(\.label) == data.validation.labels.map(Int.init))
      #expect(
        predictions.shown.allSatisfy { shown in
          shown.confidence.map { (0.1...1).contains($0) } ?? false
        })
      let confusion = try #require(predictions.confusion)
      #expect(confusion.joined().reduce(0, +) == 32)
      let accuracy = try #require(history.series("accuracy/val")?.latest?.value)
      #expect(abs(try #require(predictions.accuracy) - accuracy) < 1e-6)
      let right = predictions.shown.count(where: \.isRight)
      #expect(abs(Double(right) / 32 - accuracy) < 1e-6)

      let filters = try #require(history.image(Predictions.filterTag("conv1")))
      #expect(filters.step == 20)
      // Eight filters of 3×3, three across, a pixel apart.
      let sheet = try #require(Picture(png: filters.image.bytes))
      #expect((sheet.width, sheet.height) == (11, 11))
      #expect(Set(sheet.pixels).count > 10)
    }
  }

  @Test func filterSheets() throws {
    let weight: [Float] = [1, 0, -1, 0, 1, 0, -1, 1] + [0.5, 0, 0, 0, -0.5, 0, 0, 0]
    let sheet = try #require(FilterSheet(filters: 2, inputs: 2, kernel: 2, weight: weight))
      .picture
    #expect((sheet.width, sheet.height, sheet.channels) == (5, 2, 1))
    #expect(sheet.pixels == [255, 128, 0, 128, 128, 0, 191, 0, 128, 128])
    for value: Float in [0, .nan] {
      let same = Array(repeating: value, count: 16)
      #expect(FilterSheet(filters: 2, inputs: 2, kernel: 2, weight: same) == nil)
    }
    #expect(FilterSheet(filters: 2, inputs: 2, kernel: 1, weight: [1, 1, 1, 1]) == nil)
    let inputs: [[Float]] = [[1, 1, 1, 1], [0, 0, 0, 0], [-1, -1, -1, -1]]
    let color = try #require(
      FilterSheet(filters: 1, inputs: 3, kernel: 2, weight: Array(inputs.joined()))
    ).picture
    #expect(color.channels == 3 && color[1, 1] == (255, 128, 0))
  }

  /// The layers' scalars are in the log where they are due, in the order of the plan, and change
  /// nothing of the training.
  @Test func recordsTheLayers() throws {
    try withScratchFolder { root in
      var experiment = Experiment.small
      experiment.log.layersEverySteps = 15
      _ = try run(experiment, in: "\(root)/a")
      let history = try loggedHistory("\(root)/a")
      for (layer, scalars) in [
        ("conv1", LayerScalar.allCases.filter { $0 != .deadFraction }),
        ("layer1.0.relu2", [.activationMean, .activationDeviation, .deadFraction, .milliseconds]),
        ("fc", [.weightNorm, .gradientNorm, .updateRatio, .milliseconds]),
      ] {
        for scalar in scalars {
          let series = history.series(scalar.tag(of: layer))
          #expect(series?.buckets.map(\.lastStep) == [10, 15], "\(layer) \(scalar)")
        }
      }
      #expect(history.series(LayerScalar.deadFraction.tag(of: "conv1")) == nil)
      experiment.log.layersEverySteps = nil
      _ = try run(experiment, in: "\(root)/b")
      let none = try loggedHistory("\(root)/b")
      #expect(!none.tags.contains { $0.hasPrefix("layers/") })
      #expect(none.series("loss/train") == history.series("loss/train"))
    }
  }

  /// A log without pictures has the confusion matrix all the same.
  @Test func recordsNoPicturesWhereNoneAreWanted() throws {
    try withScratchFolder { root in
      var experiment = Experiment.small
      experiment.log.images = 0
      _ = try run(experiment, in: "\(root)/a")
      let history = try loggedHistory("\(root)/a")
      #expect(history.imageTags.isEmpty)
      let predictions = try #require(
        history.text(Predictions.tag).flatMap { Predictions(text: $0) })
      #expect(predictions.shown.isEmpty && predictions.accuracy != nil)
      experiment.log.images = 3
      _ = try run(experiment, in: "\(root)/b")
      let few = try loggedHistory("\(root)/b")
      #expect(few.imageTags.count { $0.hasPrefix("images/val/") } == 3)
      #expect(
        few.series("loss/val")?.buckets.map(\.last)
          == history.series("loss/val")?.buckets.map(\.last))
    }
  }

  /// The same seed and threads give the same bits; another seed does not.
  @Test func repeatsBitForBit() throws {
    try withScratchFolder { root in
      _ = try run(in: "\(root)/a")
      _ = try run(in: "\(root)/b")
      var other = Experiment.small
      other.seed = 1
      _ = try run(other, in: "\(root)/c")
      let weights = try ["a", "b", "c"].map {
        try bytes(of: "\(root)/\($0)/checkpoints/step-00000020.safetensors")
      }
      #expect(weights[0] == weights[1] && weights[0] != weights[2])
      #expect(
        try loggedHistory("\(root)/a").series("loss/train")
          == loggedHistory("\(root)/b").series("loss/train"))
    }
  }

  @Test(arguments: [Int32(2), 15])
  func aSignalEndsItWithACheckpoint(signal: Int32) throws {
    try withScratchFolder { root in
      var steps = 0
      let summary = try run(
        in: "\(root)/run",
        signal: {
          steps += 1
          return steps == 7 ? signal : 0
        })
      #expect(summary.state == "stopped" && summary.step == 7)
      let status = try RunStatus.read(from: RunDirectory(path: "\(root)/run"))
      #expect(status.state == .stopped && status.exitCode == 128 + Int(signal))
      #expect(
        try names(in: "\(root)/run/checkpoints") == [
          "step-00000007.safetensors", "step-00000007.state",
        ])
    }
  }

  @Test func maxStepsValidatesAndKeepsTheSchedule() throws {
    try withScratchFolder { root in
      var experiment = Experiment.small
      experiment.schedule = ScheduleOptions(name: .cosine)
      let summary = try run(experiment, in: "\(root)/run", maxSteps: 13)
      #expect(summary.state == "finished" && summary.step == 13)
      let short = try loggedHistory("\(root)/run")
      #expect(short.series("loss/val")?.latest?.step == 13)
      _ = try run(experiment, in: "\(root)/whole")
      let whole = try loggedHistory("\(root)/whole")
      let rates = try #require(whole.series("learning_rate")).buckets.map(\.last)
      #expect(short.series("learning_rate")?.buckets[1].last == rates[1])
      #expect(try RunStatus.read(from: RunDirectory(path: "\(root)/run")).totalSteps == 20)
    }
  }

  @Test func saysWhereItDiverged() throws {
    try withScratchFolder { root in
      var experiment = Experiment.small
      experiment.optimizer.learningRate = 1e30
      let error = #expect(throws: WorkerError.self) { try run(experiment, in: "\(root)/run") }
      guard case .diverged(let step, _) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      let status = try RunStatus.read(from: RunDirectory(path: "\(root)/run"))
      #expect(status.state == .failed && status.exitCode == 1)
      #expect(status.error?.contains("learning_rate") == true)
      let loss = try #require(loggedHistory("\(root)/run").series("loss/train"))
      #expect(loss.latest?.step == step && loss.latest?.value.isFinite == false)
    }
  }

  /// A network that computes no numbers any more is validated like any other, and the log says so.
  @Test func validatesWhatHasDiverged() throws {
    try withScratchFolder { root in
      var experiment = Experiment.small
      experiment.optimizer.learningRate = 1e30
      #expect(try run(experiment, in: "\(root)/run", maxSteps: 1).state == "finished")
      let history = try loggedHistory("\(root)/run")
      #expect(history.series("loss/val")?.latest?.value.isFinite == false)
      let predictions = try #require(
        history.text(Predictions.tag).flatMap { Predictions(text: $0) })
      #expect(!predictions.shown.isEmpty && predictions.shown.allSatisfy { $0.confidence == nil })
    }
  }

  /// What cannot run is refused before anything is written.
  @Test func refusesBeforeWriting() throws {
    try withScratchFolder { root in
      func expectRefusal(_ word: String, _ change: (inout Experiment) -> Void) throws {
        var experiment = Experiment.small
        change(&experiment)
        let error = #expect(throws: WorkerError.self) { try run(experiment, in: "\(root)/run") }
        #expect("\(try #require(error))".contains(word), "\(String(describing: error))")
        #expect(try names(in: root) == [])
      }
      try expectRefusal("network.classes") { $0.network.classes = 7 }
      try expectRefusal("groups") {
        $0.network.grouping = .cardinality(groups: 3, widthPerGroup: 64)
      }
      try expectRefusal("RESNET_TUI_DATA") { $0.data.set = .fashionMNIST }
      try expectRefusal("holdout") { $0.data.holdout = 192 }
      try expectRefusal("memory") {
        ($0.data.limit, $0.data.holdout, $0.data.batch) = (nil, nil, 12_000)
        $0.network.stages = [Stage(blocks: 2, channels: 8192, stride: 1)]
      }
    }
  }

  @Test func refusesAFolderWithALog() throws {
    try withScratchFolder { root in
      _ = try run(in: "\(root)/run", maxSteps: 1)
      let before = try bytes(of: "\(root)/run/status.json")
      #expect(throws: WorkerError.self) { try run(in: "\(root)/run", maxSteps: 1) }
      #expect(try bytes(of: "\(root)/run/status.json") == before)
    }
  }

  /// A step is made with the recipe's own numbers, and what is logged and saved is what came of it.
  @Test(arguments: [OptimizerKind.sgd, .adamW])
  func stepsFollowTheRecipe(optimizer: OptimizerKind) throws {
    try withScratchFolder { root in
      var experiment = Experiment.small
      experiment.optimizer =
        switch optimizer {
        case .sgd:
          OptimizerOptions(
            learningRate: 0.02, momentum: 0.8, weightDecay: 0.05, decay: .weights, nesterov: true)
        case .adamW:
          OptimizerOptions(
            name: .adamW, learningRate: 0.02, weightDecay: 0.05, decay: .weights,
            betas: [0.8, 0.95], eps: 1e-3)
        }
      experiment.data.augment = [.flip, .translate, .erase, .mixup]
      experiment.data.testTimeFlip = true
      experiment.loss.labelSmoothing = 0.1
      let folder = "\(root)/run"
      _ = try run(experiment, in: folder, maxSteps: 2)
      let history = try loggedHistory(folder)

      let data = try TrainingData(experiment, location: DatasetLocation(folders: []))
      let network = try Network(
        NetworkProgram(
          NetworkPlan(experiment.network), batch: 16, threads: 1,
          state: OptimizerState(hasSquares: optimizer == .adamW, hasAverage: false)),
        seed: experiment.seed)
      let loader = try BatchLoader(
        data.train, mean: data.dataset.mean, standardDeviation: data.dataset.standardDeviation,
        options: BatchOptions(
          batch: 16, size: ImageExtent(height: 28, width: 28),
          augment: [.flip, .translate, .erase, .mixup], shuffleSeed: experiment.seed),
        mode: .training(epoch: 0, batch: 0))
      var losses: [Float] = []
      for step in 1...2 {
        _ = loader.withNextBatch { batch in
          network.images.copy(from: batch.images)
          let result = network.computeGradients(
            labels: batch.labels, mixture: batch.mixture, labelSmoothing: 0.1)
          losses.append(Float(result.loss))
        }
        switch optimizer {
        case .sgd:
          network.update(
            SGD(
              learningRate: 0.02, momentum: 0.8, weightDecay: 0.05, nesterov: true,
              decaysWeightsOnly: true))
        case .adamW:
          network.update(
            AdamW(
              learningRate: 0.02, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.05,
              decaysWeightsOnly: true, step: step))
        }
      }
      #expect(
        history.series("loss/train")?.buckets.map { Float($0.last) } == losses)
      let saved = try #require(Checkpoint.latest(in: RunDirectory(path: folder)))
      let weights = try network.weights()
      #expect(saved.position.step == 2 && saved.weights == weights)
      let measured = try [true, false].map { averagesMirrored in
        let images = try BatchLoader(
          data.validation, of: experiment, dataset: data.dataset, mode: .evaluation)
        return Float(
          network.measure(images, averagesMirrored: averagesMirrored) { _, _ in }.loss)
      }
      #expect(history.series("loss/val")?.latest.map { Float($0.value) } == measured[0])
      #expect(measured[0] != measured[1])
    }
  }

  /// Every part of a recipe at once: bit for bit, and with all that a later process needs.
  @Test func recipesRepeatAndAreSaved() throws {
    try withScratchFolder { root in
      var experiment = Experiment.small
      experiment.optimizer = OptimizerOptions(
        name: .adamW, learningRate: 1e-3, weightDecay: 0.05, decay: .weights)
      experiment.data.augment = [.flip, .crop, .translate, .cutout, .erase, .mixup]
      experiment.data.testTimeFlip = true
      experiment.ema = 0.9
      experiment.loss.labelSmoothing = 0.1
      let checkpoints = try ["a", "b"].map { name in
        _ = try run(experiment, in: "\(root)/\(name)")
        return try #require(Checkpoint.latest(in: RunDirectory(path: "\(root)/\(name)")))
      }
      #expect(checkpoints[0].weights == checkpoints[1].weights)
      #expect(checkpoints[0].optimizer == checkpoints[1].optimizer)
      let weight = "layer1.0.conv1.weight"
      let optimizer = checkpoints[0].optimizer
      #expect(optimizer["exp_avg.\(weight)"] != nil && optimizer["exp_avg_sq.\(weight)"] != nil)
      // The average is what is saved as the weights.
      #expect(optimizer["raw.\(weight)"]?.shape == checkpoints[0].weights[weight]?.shape)
      #expect(optimizer["raw.\(weight)"] != checkpoints[0].weights[weight])
    }
  }

  /// A small residual network passes 95 % where a linear classifier stays far below.
  @Test func learnsTheProceduralSet() throws {
    try withScratchFolder { root in
      var experiment = Experiment.standard
      experiment.epochs = 5
      let summary = try TrainingRun(
        experiment, directory: RunDirectory(path: "\(root)/run"),
        location: DatasetLocation(folders: []),
        options: TrainingRun.Options(threads: 2, version: "test"), progress: SilentProgress()
      ).run()
      #expect(try #require(summary.accuracy) > 0.95)
    }
  }
}
