import Architecture
import Cells
import EventLog
import Experiments
import Foundation
import Pictures

@testable import Dashboard

/// States of a dashboard, made by messages alone.
struct Scenario {
  var state: State
  private(set) var effects: [Effect] = []

  static let start = 1_790_000_000.0
  static let running = "experiments/first-run/runs/20260921-133320"
  static let finished = "experiments/wide/runs/20260921-120000"

  init(
    width: Int = 120, height: Int = 40, glyphs: Glyphs = .unicode,
    experiment: Experiment = .standard
  ) {
    state = State(
      size: Size(width: width, height: height), appearance: Appearance(glyphs: glyphs),
      now: Self.start, experiment: experiment)
  }

  mutating func send(_ message: Message) { effects += update(&state, message) }

  mutating func press(_ keys: Key...) {
    for key in keys { send(.input(.key(key))) }
  }

  mutating func type(_ text: String) {
    for character in text { send(.input(.key(.character(character)))) }
  }

  mutating func click(x: Int, y: Int) {
    send(.input(.mouse(MouseEvent(action: .press, position: Point(x: x, y: y)))))
  }

  /// The screen as text.
  var screen: String { FrameText.encode(view(state)) }

  /// Lists a run at work and one that has ended, both with a log; with records of the layers if asked.
  mutating func listRuns(steps: Int = 700, layers: Bool = false) {
    send(
      .runs([
        Self.listing(Self.running, "first-run", .running),
        Self.listing(Self.finished, "wide", .finished),
      ]))
    send(.log(run: Self.running, Self.log(.standard, steps: steps)))
    if layers { send(.log(run: Self.running, Self.layerLog(.standard, steps: steps))) }
    var wide = Experiment.standard
    wide.name = "wide"
    wide.network.name = "wide"
    for index in wide.network.stages.indices { wide.network.stages[index].channels *= 2 }
    send(.log(run: Self.finished, Self.log(wide, steps: 1870)))
    send(.time(Self.start + Double(steps) / 40 + 1))
  }

  /// What a dashboard can be looking at.
  enum Situation: String, CaseIterable {
    /// Nothing has been trained yet.
    case empty
    /// A worker compiles its network, and much of the other log has not been read.
    case loading
    /// A worker is at its fourth epoch, with everything that it records.
    case live
    case finished
    /// The loss has become no number, and the worker has given up.
    case nan
    /// A run is damaged, its worker gone, and the user's last wish failed.
    case error
  }

  /// Brings a situation about by messages alone.
  mutating func arrange(_ situation: Situation) {
    switch situation {
    case .empty: break
    case .loading:
      send(.runs([Self.listing(Self.running, "first-run", .starting)]))
      send(.unread(48 << 20))
    case .live:
      listRuns(layers: true)
      showPredictions(of: Self.running)
    case .finished:
      listRuns()
      send(.runs([Self.listing(Self.finished, "wide", .finished)]))
      send(.log(run: Self.finished, Self.layerLog(.standard, steps: 1870)))
      showPredictions(of: Self.finished)
    case .nan:
      let reason = "the loss is nan at step 301; lower optimizer.learning_rate"
      send(.runs([Self.listing(Self.running, "first-run", .failed, error: reason)]))
      var poll = Self.log(.standard, steps: 300)
      for step in 290...301 {
        let value: Float = step == 301 ? .nan : 100 * Float(step)
        poll.events.append(
          LogEvent(
            wallTime: Self.start + Double(step) / 40, step: step,
            values: [.scalar(tag: "loss/train", value: value)]))
      }
      send(.log(run: Self.running, poll))
      showPredictions(of: Self.running)
    case .error:
      send(.runs([Self.listing(Self.running, "first-run", .died)]))
      var poll = Self.log(.standard, steps: 240)
      poll.gaps = [LogGap(offset: 4711, length: 320)]
      poll.hasTornTail = true
      send(.log(run: Self.running, poll))
      send(.failed("experiments/first-run: cannot be created: the disk is full; make room"))
    }
  }

  private mutating func showPredictions(of run: String) {
    send(.log(run: run, Self.imageLog()))
    send(.log(run: run, Self.predictionLog(step: 187)))
  }

  private static func listing(
    _ path: String, _ experiment: String, _ state: RunStatus.EffectiveState, error: String? = nil
  ) -> RunListing {
    RunListing(
      path: path, experiment: experiment, id: RunDirectory(path: path).id,
      status: RunStatus(
        state: RunStatus.State(rawValue: state.rawValue) ?? .running, error: error, step: 0,
        totalSteps: 1870, updated: start),
      state: state)
  }

  /// A log of `steps` steps, 187 an epoch, at 40 a second: a loss that falls with some noise.
  static func log(_ experiment: Experiment, steps: Int) -> Poll {
    var poll = Poll()
    let info = """
      {"batch":64,"isa":"AVX2","onednn":"2.6.3","steps_per_epoch":187,"threads":2,\
      "total_steps":1870,"training_images":12000,"validation_images":2000,"version":"0.1.0"}
      """
    poll.events = [
      LogEvent(
        wallTime: start, step: 0, values: [.text(tag: "run/experiment", text: experiment.yaml())]),
      LogEvent(wallTime: start, step: 0, values: [.text(tag: "run/info", text: info)]),
    ]
    for step in 1...max(1, steps) {
      let time = start + Double(step) / 40
      let noise = Double(step * 7919 % 101) / 101 - 0.5
      let loss = 2.3 * exp(-Double(step) / 400) + 0.08 + 0.1 * noise * exp(-Double(step) / 900)
      var values = [LogValue.scalar(tag: "loss/train", value: Float(loss))]
      if step == 1 || step.isMultiple(of: 10) {
        values += [
          .scalar(tag: "accuracy/train", value: Float(1 - 0.9 * exp(-Double(step) / 350))),
          .scalar(tag: "learning_rate", value: 0.05),
          .scalar(tag: "throughput/images_per_second", value: Float(2500 + 200 * noise)),
        ]
      }
      poll.events.append(LogEvent(wallTime: time, step: step, values: values))
      if step.isMultiple(of: 187) {
        poll.events.append(
          LogEvent(
            wallTime: time, step: step,
            values: [
              .scalar(tag: "loss/val", value: Float(loss * 1.1)),
              .scalar(tag: "accuracy/val", value: Float(0.97 - 0.8 * exp(-Double(step) / 300))),
            ]))
      }
    }
    return poll
  }

  /// Records of the layers at step 10 and every 100 steps after it.
  static func layerLog(_ experiment: Experiment, steps: Int) -> Poll {
    var poll = Poll()
    guard let plan = try? NetworkPlan(experiment.network) else { return poll }
    for step in [10] + Array(stride(from: 100, through: steps, by: 100)) {
      var values: [LogValue] = []
      for (row, layer) in plan.layers.enumerated() {
        func add(_ scalar: LayerScalar, _ value: Double) {
          values.append(.scalar(tag: scalar.tag(of: layer.name), value: Float(value)))
        }
        add(.milliseconds, 0.05 + Double(layer.macs) / 2e6)
        if layer.operation == .relu { add(.deadFraction, row > 20 ? 0.375 : 0) }
        add(.activationMean, 0.01 * Double(row) - 0.1)
        add(.activationDeviation, 1 / (1 + 0.1 * Double(row)))
        guard layer.macs > 0 else { continue }
        add(.weightNorm, 3 + 0.2 * Double(row))
        add(.gradientNorm, exp(-Double(step) / 300) / (1 + Double(row)))
        add(.updateRatio, 1e-3 * exp(-Double(step) / 300))
      }
      poll.events.append(
        LogEvent(wallTime: start + Double(step) / 40, step: step, values: values))
    }
    return poll
  }

  /// Names of the ten classes of `predictionLog`.
  static let classes = [
    "disk", "ring", "square", "frame", "triangle", "cross", "star", "crescent", "bar", "wedge",
  ]

  /// 64 images of 28×28: disks whose size is their label's.
  static func imageLog() -> Poll {
    var poll = Poll()
    let values = (0..<Predictions.shownLimit).map { index in
      let radius = 4 + Double(index % 10)
      let pixels = (0..<784).map { place -> UInt8 in
        let (x, y) = (Double(place % 28) - 13.5, Double(place / 28) - 13.5)
        return UInt8(max(0, min(255, (radius - (x * x + y * y).squareRoot()) * 80)))
      }
      let picture = Picture(width: 28, height: 28, channels: 1, pixels: pixels)
      return LogValue.image(
        tag: Predictions.imageTag(index),
        LogImage(width: 28, height: 28, channels: 1, bytes: picture.png))
    }
    poll.events = [LogEvent(wallTime: start, step: 0, values: values)]
    return poll
  }

  /// Predictions of 2,000 images, and filters, at a step.
  static func predictionLog(step: Int) -> Poll {
    var poll = Poll()
    var predictions = Predictions(classNames: classes)
    predictions.shown = (0..<Predictions.shownLimit).map { index in
      let isWrong = (index * 7 + step) % 9 == 0
      return Predictions.Prediction(
        label: index % 10, predicted: isWrong ? (index + 3) % 10 : index % 10,
        confidence: 0.4 + Double(index * 37 % 60) / 100)
    }
    predictions.confusion = (0..<10).map { row in
      (0..<10).map { column in
        row == column ? 170 - 9 * row : (row * 5 + column * 3 + step) % 7 == 0 ? 4 + row : 0
      }
    }
    var pixels: [UInt8] = []
    for y in 0..<31 {
      for x in 0..<31 {
        // Tiles of 7×7, a pixel apart.
        let isGap = x % 8 == 7 || y % 8 == 7
        pixels.append(isGap ? 0 : UInt8((31 * y + x) * 29 % 256))
      }
    }
    let sheet = Picture(width: 31, height: 31, channels: 1, pixels: pixels)
    poll.events = [
      LogEvent(
        wallTime: start + Double(step) / 40, step: step,
        values: [
          .text(tag: Predictions.tag, text: predictions.text),
          .image(
            tag: Predictions.filterTag("conv1"),
            LogImage(width: 31, height: 31, channels: 1, bytes: sheet.png)),
        ])
    ]
    return poll
  }
}
