import Architecture
import EventLog
import Experiments
import Testing

@Suite struct ComparisonTests {
  private func subject(
    _ name: String, _ change: (inout Experiment) -> Void = { _ in }
  ) throws -> Comparison.Subject {
    var experiment = Experiment(name: name, network: Preset.named("resnet50")!.spec)
    change(&experiment)
    return Comparison.Subject(
      name: name, network: try NetworkPlan(experiment.network), experiment: experiment)
  }

  @Test func equalThingsHaveNoRows() throws {
    let comparison = Comparison([try subject("a"), try subject("b")])
    #expect(comparison.names == ["a", "b"])
    #expect(comparison.settings.isEmpty && comparison.metrics.isEmpty && comparison.layers.isEmpty)
  }

  @Test func onlyWhatDiffers() throws {
    let comparison = Comparison([
      try subject("a"),
      try subject("b") {
        $0.network.grouping = .cardinality(groups: 32, widthPerGroup: 4)
        $0.optimizer.learningRate = 0.5
      },
      try subject("c") { $0.network.stages.removeLast() },
    ])
    #expect(
      comparison.settings.map(\.key) == [
        "network.stages[3].blocks", "network.stages[3].channels", "network.stages[3].stride",
        "network.groups", "network.width_per_group", "optimizer.learning_rate",
      ])
    #expect(comparison.settings[0].values == ["3", "3", nil])
    #expect(comparison.settings[3].values == ["1", "32", "1"])
    #expect(comparison.metrics.map(\.key) == ["parameters", "macs", "activations"])
    #expect(comparison.metrics[0].values[1] == 25_028_904)
    // The stem is the same in all.
    #expect(!comparison.layers.contains { $0.key == "conv1" })
    let grouped = try #require(comparison.layers.first { $0.key == "layer1.0.conv2" })
    #expect(grouped.values.map { $0?.groups } == [1, 32, 1])
    #expect(comparison.layers.first { $0.key == "layer4.0.conv1" }?.values[2] == nil)
  }

  /// The same stem by its name and spelt out is no difference, and another differs in its own keys alone.
  @Test func stemsAreComparedByWhatTheyAre() throws {
    func stem(_ stride: Int) -> Stem {
      .custom(StemConvolution(kernel: 3, stride: stride, channels: 64, pool: false))
    }
    let named = try subject("a") { $0.network.stem = .cifar }
    let same = Comparison([named, try subject("b") { $0.network.stem = stem(1) }])
    #expect(same.settings.isEmpty)
    let other = Comparison([named, try subject("b") { $0.network.stem = stem(2) }])
    #expect(other.settings.map(\.key) == ["network.stem.stride"])
    let names = Comparison([named, try subject("b")])
    #expect(names.settings.map(\.key) == ["network.stem"])
  }

  @Test func metricsOfRuns() throws {
    func run(_ accuracies: [Float]) throws -> Comparison.Subject {
      var history = RunHistory()
      for (step, value) in accuracies.enumerated() {
        history.apply(
          LogEvent(
            wallTime: Double(10 * step), step: step + 1,
            values: [.scalar(tag: "accuracy/val", value: value)]))
      }
      var subject = try subject("run")
      subject.history = history
      return subject
    }
    let comparison = Comparison([try run([0.5, 0.75]), try run([0.5, 1, 0.75])])
    #expect(comparison.settings.isEmpty && comparison.layers.isEmpty)
    #expect(comparison.metrics.map(\.key) == ["steps", "accuracy/val best", "seconds"])
    #expect(comparison.metrics.map(\.values) == [[2, 3], [0.75, 1], [10, 20]])
  }

  /// Means over the last epoch, and what the forward passes took of a network that grew on the way; with
  /// all that runs have in common on request.
  @Test func metricsOfTraining() throws {
    var experiment = Experiment(name: "run", network: Preset.named("resnet20_cifar")!.spec)
    experiment.data.batch = 16
    var history = RunHistory()
    let info = RunInfo(
      stepsPerEpoch: 10, totalSteps: 20, batch: 16, trainingImages: 160, validationImages: 10,
      threads: 1, convolution: "auto", isa: "AVX2", processor: nil, onednn: "2.6.3", version: "1")
    history.apply(LogEvent(wallTime: 0, step: 0, values: [.text(tag: "run/info", text: info.text)]))
    let growth = GrowthRecord(step: 12, Growth(stage: 1, blocks: 2))
    for step in 1...20 {
      history.apply(
        LogEvent(
          wallTime: Double(step), step: step,
          values: [.scalar(tag: "loss/train", value: step > 10 ? Float(step) : 100)]))
    }
    history.apply(
      LogEvent(
        wallTime: 20, step: 12,
        values: [.text(tag: GrowthRecord.tag, text: GrowthRecord.text(of: [growth]))]))
    let plan = try NetworkPlan(experiment.network)
    let grown = try NetworkPlan(experiment.network.grown(by: [growth]))
    let comparison = Comparison(
      [
        Comparison.Subject(
          name: "run", network: grown, experiment: experiment, history: history)
      ], keepsCommon: true)
    let metrics = Dictionary(
      uniqueKeysWithValues: comparison.metrics.map { ($0.key, $0.values[0] ?? .nan) })
    #expect(metrics["loss/train last epoch"] == 15.5 && metrics["loss/train last"] == 20)
    #expect(metrics["parameters"] == Double(grown.total.parameters))
    #expect(
      metrics["macs trained"] == 16 * Double(12 * plan.total.macs + 8 * grown.total.macs))
    #expect(!comparison.settings.isEmpty && comparison.layers.count == grown.layers.count)
    // What a text says is not believed.
    #expect(RunInfo(text: info.text.replacing("\"batch\":16", with: "\"batch\":-1")) == nil)
  }

  /// Each step takes what the network is at that time; a fork's first steps are not its own.
  @Test func computeFollowsGrowth() throws {
    let spec = try #require(Preset.named("resnet20_cifar")?.spec)
    let growth = Growth(stage: 2, blocks: 1)
    let (small, large) = (
      Double(try NetworkPlan(spec).total.macs),
      Double(try NetworkPlan(spec.grown(by: [growth])).total.macs)
    )
    let compute = try TrainingCompute(
      spec, growths: [GrowthRecord(step: 10, growth)], batch: 4, start: 2)
    #expect(compute.macs(upTo: 1) == 0 && compute.macs(upTo: 2) == 0)
    #expect(compute.macs(upTo: 10) == 8 * 4 * small)
    #expect(compute.macs(upTo: 13) == 8 * 4 * small + 3 * 4 * large && large > small)
    #expect(throws: SpecError.self) {
      try TrainingCompute(
        spec, growths: [GrowthRecord(step: 1, Growth(stage: 9, blocks: 1))], batch: 1)
    }
  }

  /// A loss that is no number is the same as another one.
  @Test func notANumberIsNoDifference() throws {
    let plan = try NetworkPlan(try #require(Preset.named("resnet20_cifar")).spec)
    func subject(_ losses: Float...) -> Comparison.Subject {
      var history = RunHistory()
      var poll = Poll()
      poll.events = losses.enumerated().map {
        LogEvent(
          wallTime: 1, step: $0.offset + 1,
          values: [.scalar(tag: "loss/train", value: $0.element)])
      }
      history.apply(poll)
      return Comparison.Subject(name: "run", network: plan, history: history)
    }
    let same = Comparison([subject(1, .nan), subject(1, -.nan)])
    #expect(same.metrics.map(\.key) == [])
    let other = Comparison([subject(1, .nan), subject(1, 2)])
    #expect(other.metrics.contains { $0.key == "loss/train last" })
  }

  /// A network that is spelled out is the preset that it equals.
  @Test func aPresetIsWhatItSays() throws {
    let preset = Experiment(name: "a", network: try #require(Preset.named("resnet20_cifar")).spec)
    var spelled = preset
    spelled.network.name = "own"
    #expect(spelled.firstDifference(from: preset) == nil)
    spelled.epochs = preset.epochs + 1
    #expect(spelled.firstDifference(from: preset)?.hasPrefix("epochs") == true)

    // Of lists of different lengths it tells both.
    var grown = preset
    grown.grow = [ScheduledGrowth(epoch: 2, growth: Growth(stage: 1))]
    let plan = "[{epoch: 2, stage: 1, blocks: 1}]"
    #expect(grown.firstDifference(from: preset) == "grow [], not \(plan)")
    #expect(preset.firstDifference(from: grown) == "grow \(plan), not []")
    var deeper = preset
    deeper.network.stages.append(Stage(blocks: 1, channels: 7, stride: 2))
    let difference = try #require(deeper.firstDifference(from: preset))
    #expect(difference.hasPrefix("network.stages [{") && difference.contains("channels: 7"))
    var adamW = preset
    adamW.optimizer = OptimizerOptions(name: .adamW)
    #expect(adamW.firstDifference(from: preset)?.hasPrefix("optimizer.name sgd, not adamw") == true)
  }
}
