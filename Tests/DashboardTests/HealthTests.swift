import Cells
import EventLog
import Experiments
import Foundation
import TestSupport
import Testing

@testable import Dashboard

/// Verdicts on synthetic trainings: each is given where it is due, and a sound run has none.
@Suite struct HealthTests {
  /// A run at work with the scalars of `values` at steps 1 to `steps`, 100 an epoch.
  private func verdicts(
    steps: Int = 2000, state: RunStatus.EffectiveState = .running,
    _ values: (Int) -> [String: Double]
  ) -> [Verdict] {
    var scenario = Scenario()
    scenario.send(
      .runs([
        RunListing(path: "p", experiment: "e", id: "1", status: nil, state: state)
      ]))
    var poll = Poll()
    let info = """
      {"batch":64,"isa":"AVX2","onednn":"2.6.3","steps_per_epoch":100,"threads":2,\
      "total_steps":5000,"training_images":6400,"validation_images":2000,"version":"0.1.0"}
      """
    poll.events = [
      LogEvent(
        wallTime: 0, step: 0,
        values: [
          .text(tag: "run/experiment", text: Experiment.standard.yaml()),
          .text(tag: "run/info", text: info),
        ])
    ]
    for step in 1...steps {
      poll.events.append(
        LogEvent(
          wallTime: Double(step), step: step,
          values: values(step).sorted { $0.key < $1.key }.map {
            .scalar(tag: $0.key, value: Float($0.value))
          }))
    }
    scenario.send(.log(run: "p", poll))
    return Health(scenario.state.runs.entries[0]).verdicts
  }

  private func falling(_ step: Int) -> Double {
    2 * exp(-Double(step) / 500) + 0.05 + 0.03 * Double(step % 7)
  }

  /// Falls, with noise, and the validation follows.
  private func sound(_ step: Int) -> [String: Double] {
    var values = ["loss/train": falling(step)]
    if step.isMultiple(of: 100) {
      values["loss/val"] = falling(step) + 0.1
      values["accuracy/val"] = 1 - 0.5 * exp(-Double(step) / 700)
    }
    return values
  }

  @Test func aSoundRunHasNone() { #expect(verdicts(sound).isEmpty) }

  @Test func aYoungRunHasNone() {
    for steps in [1, 5, 30] { #expect(verdicts(steps: steps, sound).isEmpty) }
  }

  @Test func diverging() {
    let noNumber = verdicts { $0 == 2000 ? ["loss/train": .nan] : sound($0) }
    #expect(noNumber.first?.kind == .diverging && noNumber.first?.step == 2000)
    let rising = verdicts { step in
      ["loss/train": step < 1000 ? falling(step) : 0.3 * exp(Double(step - 1000) / 200)]
    }
    #expect(rising.first?.kind == .diverging && rising.first?.text.contains("diverging") == true)
  }

  @Test func overfitting() {
    let found = verdicts { step in
      var values = sound(step)
      if values["loss/val"] != nil, step > 700 {
        values["loss/val"] = falling(700) + Double(step - 700) / 2000 + 0.1
      }
      return values
    }
    #expect(found.map(\.kind) == [.overfitting] && found[0].step == 700)
    #expect(found[0].text.contains("since epoch 7"))
  }

  @Test func plateau() {
    func flat(_ step: Int) -> [String: Double] {
      var values = sound(step)
      if values["accuracy/val"] != nil, step > 1000 { values["accuracy/val"] = 0.7 }
      if values["loss/val"] != nil, step > 1000 { values["loss/val"] = falling(1000) }
      return values
    }
    let found = verdicts(flat)
    #expect(found.map(\.kind) == [.plateau] && found[0].step == 1000)
    // A run that has ended cannot be helped.
    #expect(verdicts(state: .finished, flat).isEmpty)
  }

  private func layers(_ change: @escaping (String) -> Double) -> (Int) -> [String: Double] {
    let names = ["conv1", "layer1.0.conv1", "layer2.0.conv1", "layer3.0.conv1", "fc"]
    return { step in
      var values = sound(step)
      guard step.isMultiple(of: 200) else { return values }
      for name in names { values[LayerScalar.gradientNorm.tag(of: name)] = change(name) }
      return values
    }
  }

  @Test func gradients() {
    #expect(verdicts(layers { _ in 0.3 }).isEmpty)
    let exploding = verdicts(layers { $0 == "layer2.0.conv1" ? 1e4 : 0.3 })
    #expect(exploding.map(\.kind) == [.explodingGradient] && exploding[0].step == 2000)
    #expect(exploding[0].text.contains("layer2.0.conv1"))
    let vanishing = verdicts(layers { $0 == "conv1" ? 1e-9 : 0.3 })
    #expect(vanishing.map(\.kind) == [.vanishingGradient])
  }

  @Test func deadUnits() {
    let found = verdicts { step in
      var values = sound(step)
      if step == 1800 { values[LayerScalar.deadFraction.tag(of: "layer1.0.relu1")] = 0.75 }
      return values
    }
    #expect(found.map(\.kind) == [.deadUnits] && found[0].text.contains("75 % of layer1.0.relu1"))
  }

  @Test func waitingForData() {
    let found = verdicts { step in
      var values = sound(step)
      values["throughput/data_wait"] = 0.4
      return values
    }
    #expect(found.map(\.kind) == [.waitingForData] && found[0].text.contains("40 %"))
  }

  @Test func slow() {
    let found = verdicts { step in
      var values = sound(step)
      values["throughput/images_per_second"] = 5
      return values
    }
    #expect(found.map(\.kind) == [.slow])
  }

  @Test func theProgressPaneSaysIt() {
    var scenario = Scenario(width: 160, height: 50)
    scenario.listRuns()
    var poll = Poll()
    poll.events = [
      LogEvent(wallTime: 1, step: 701, values: [.scalar(tag: "loss/train", value: .nan)])
    ]
    scenario.send(.log(run: Scenario.running, poll))
    #expect(scenario.screen.contains("! the loss is NaN") && scenario.screen.contains("step 701"))
    // The chart has a mark there.
    let chart = scenario.state.focusedChart
    #expect(chart.verdicts.map(\.step) == [701])
    #expect(
      chart.drawing(width: 60, appearance: Appearance()).chart.events.map(\.x) == [701])
  }
}
