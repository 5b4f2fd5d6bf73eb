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
}
