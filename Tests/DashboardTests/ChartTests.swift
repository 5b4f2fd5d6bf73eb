import Cells
import EventLog
import Experiments
import TestSupport
import Testing

@testable import Dashboard

/// The charts: their axes, what is read from them, and that they leave nothing out in silence.
@Suite struct ChartTests {
  private func series(_ values: [Double]) -> Series {
    var series = Series()
    for (index, value) in values.enumerated() {
      series.append(Series.Sample(step: index + 1, wallTime: Double(index), value: value))
    }
    return series
  }

  private func entry() -> RunEntry {
    RunEntry(RunListing(path: "p", experiment: "e", id: "1", status: nil, state: nil))
  }

  private func points(
    _ series: Series, in range: ClosedRange<Double>, columns: Int, smoothing: Double = 0
  ) throws -> SeriesPoints {
    let placing = try #require(AxisPlacing(.step, of: entry()))
    return SeriesPoints(series, placing, in: range, columns: columns, smoothing: smoothing)
  }

  // MARK: Points

  /// However few columns there are, the extremes are there, and each sample is counted.
  @Test(arguments: [1, 7, 100, 10_000])
  func noSpikeIsLost(columns: Int) throws {
    var values = Array(repeating: 1.0, count: 4000)
    (values[1234], values[3999], values[2500]) = (100, -100, .nan)
    let points = try points(series(values), in: 0...4000, columns: columns)
    #expect(points.raw.count <= columns + 1)
    #expect(points.raw.map(\.high).max() == 100 && points.raw.map(\.low).min() == -100)
    #expect(points.count == 4000 && points.nonFiniteCount == 1)
    #expect(points.raw.count { $0.hasGap } == 1)
    #expect(points.isSummary == (columns < 4000))
  }

  /// A part of a curve reaches the edges of what is visible, at the height that it crosses them.
  @Test func partsReachTheEdges() throws {
    let points = try points(series((1...100).map(Double.init)), in: 20.5...40.5, columns: 200)
    #expect(points.raw.first == LineChart.Point(x: 20.5, y: 20.5))
    #expect(points.raw.last == LineChart.Point(x: 40.5, y: 40.5))
    #expect(points.count == 20)
    // Between two samples there is a line still.
    let between = try self.points(series([0, 10]), in: 1.25...1.5, columns: 10)
    #expect(between.raw.map(\.y) == [2.5, 5] && between.count == 0)
    let outside = try self.points(series([0, 10]), in: 5...6, columns: 10)
    #expect(outside.raw.isEmpty)
  }

  /// TensorBoard's debiased average: the weighted mean of all values so far.
  @Test func smoothingIsDebiased() throws {
    let values = [3.0, 1, 4, 1, 5, 9, 2, 6]
    let points = try points(series(values), in: 0...10, columns: 1000, smoothing: 0.6)
    for (index, point) in points.smoothed.enumerated() {
      let weights = (0...index).map { power(0.6, index - $0) }
      let mean =
        zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
      #expect(abs(point.y - mean) < 1e-12)
    }
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { product, _ in product * base }
  }

  /// Buckets of several samples weigh as many: a long run is smoothed as a short one.
  @Test func smoothingCountsSamples() throws {
    let count = 3 * Series.capacity
    let step = try points(
      series((0..<count).map { $0 < count / 2 ? 0.0 : 1 }), in: 0...Double(count),
      columns: 100_000, smoothing: 0.9)
    let half = count / 2
    let after = try #require(step.smoothed.first { $0.x >= Double(half + 8) })
    let samples = Int(after.x) - half
    #expect(abs(after.y - (1 - power(0.9, samples))) < 0.05)
  }

  // MARK: Axes

  @Test func zoomsAndPans() {
    var window = AxisWindow(whole: 0...1000, visible: nil)
    #expect(window.choice == nil)
    window.zoom(by: 2, around: 250)
    #expect(window.visible == 125...625 && window.magnification == 2)
    window.pan(by: 10)
    #expect(window.visible == 500...1000)
    window.show(100)
    #expect(window.visible == 100...600)
    window.show(900)
    #expect(window.visible == 400...900)
    for _ in 0..<60 { window.zoom(by: 2, around: 700) }
    #expect(window.magnification <= AxisWindow.most * 1.0001 && window.visible.contains(700))
    for _ in 0..<60 { window.zoom(by: 0.5, around: 0) }
    #expect(window.choice == nil)
  }

  @Test func axesCountWhatTheySay() {
    var scenario = Scenario(width: 120, height: 40)
    scenario.listRuns()
    scenario.press(.character("3"))
    var labels: [String] = []
    for _ in ChartAxis.allCases {
      labels.append(scenario.state.focusedChart.axis.label)
      scenario.press(.character("X"))
    }
    #expect(labels == ["step", "epoch", "images", "MACs", "elapsed", "UTC"])
    #expect(scenario.state.charts.axis == .step)
  }

  /// A log without epochs has no axis of epochs.
  @Test func foreignLogsHaveFewerAxes() {
    var scenario = Scenario()
    scenario.send(
      .runs([RunListing(path: "p", experiment: "x", id: "", status: nil, state: nil)]))
    var poll = Poll()
    poll.events = (1...9).map {
      LogEvent(
        wallTime: Double($0), step: $0, values: [.scalar(tag: "loss", value: 1 / Float($0))])
    }
    scenario.send(.log(run: "p", poll))
    scenario.press(.character("3"), .character("X"))
    #expect(scenario.state.charts.axis == .relative)
  }

  /// A log may say anything of its steps, its batch and its clock.
  @Test func strangeNumbersAreDrawn() {
    let info = RunInfo(
      stepsPerEpoch: 1, totalSteps: 1 << 48, batch: 1 << 48, trainingImages: 1, validationImages: 1,
      threads: 1, convolution: nil, isa: "", processor: nil, onednn: "", version: "")
    var poll = Poll()
    poll.events = [
      LogEvent(
        wallTime: -1.7e308, step: .min,
        values: [
          .text(tag: "run/experiment", text: Experiment.standard.yaml()),
          .text(tag: RunInfo.tag, text: info.text), .scalar(tag: "loss/train", value: 1),
        ]),
      LogEvent(wallTime: .nan, step: 1, values: [.scalar(tag: "loss/train", value: 2)]),
      LogEvent(
        wallTime: 1.7e308, step: .max,
        values: [.scalar(tag: "loss/train", value: 3), .scalar(tag: "accuracy/val", value: 1)]),
    ]
    var scenario = Scenario(width: 160, height: 50)
    scenario.listRuns()
    poll.rewound = true
    scenario.send(.log(run: Scenario.running, poll))
    scenario.press(.character("3"))
    for _ in ChartAxis.allCases {
      scenario.press(.character("X"), .end)
      #expect(scenario.screen.contains("cursor") && scenario.state.charts.cursor != nil)
      scenario.press(.home, .character("0"))
    }
    scenario.press(.character("c"), .escape, .character("5"), .character("8"))
    #expect(!scenario.screen.isEmpty)
  }

  // MARK: Cursor

  /// The cursor stands at one step in all charts, and their legends have the values there.
  @Test func theCursorReadsEveryChart() throws {
    var scenario = Scenario(width: 160, height: 50)
    scenario.listRuns()
    scenario.press(.character("3"), .right)
    #expect(scenario.state.charts.cursor == 700)
    for _ in 0..<30 { scenario.press(.left) }
    let step = try #require(scenario.state.charts.cursor)
    #expect(step < 700 && step > 1)
    let history = try #require(scenario.state.runs.shownEntry?.history)
    let screen = scenario.screen
    #expect(screen.contains("at step \(step)"))
    for tag in ["loss/train", "loss/val"] {
      let value = try #require(
        history.series(tag)?.buckets.last { $0.firstStep <= step }?.last)
      #expect(screen.contains(NumberText.significant(value)), "\(tag)")
    }
    let accuracy = try #require(
      history.series("accuracy/train")?.buckets.last { $0.firstStep <= step }?.last)
    #expect(screen.contains(NumberText.percent(accuracy, decimals: 2)))
    scenario.press(.home)
    #expect(scenario.state.charts.cursor == 1)
    // Before the first validation there is no value of it.
    #expect(scenario.screen.contains("val –"))
    scenario.press(.escape)
    #expect(scenario.state.charts.cursor == nil && scenario.state.focus == .loss)
  }

  @Test func clicksPlaceTheCursor() throws {
    var scenario = Scenario(width: 120, height: 40)
    scenario.listRuns()
    let rect = try #require(ScreenLayout(scenario.state).panes[.loss])
    // The run has come to 700 of 1,870 steps.
    scenario.click(x: rect.x + rect.width / 3, y: rect.y + 5)
    let last = try #require(scenario.state.charts.cursor)
    scenario.click(x: rect.x + rect.width / 4, y: rect.y + 5)
    let middle = try #require(scenario.state.charts.cursor)
    #expect(middle < last && last <= 700 && scenario.state.focus == .loss)
  }

  /// A run at work is magnified where its curve ends, and where there is nothing the chart says so.
  @Test func zoomFollowsTheData() throws {
    var scenario = Scenario(width: 120, height: 40)
    scenario.listRuns()
    scenario.press(.character("3"))
    for _ in 0..<3 { scenario.press(.character("i")) }
    #expect(try #require(scenario.state.charts.visible).contains(700))
    for _ in 0..<20 { scenario.press(.character("L")) }
    #expect(scenario.screen.contains("nothing in this part of the axis"))
    scenario.press(.character("0"))
    #expect(!scenario.screen.contains("nothing in this part of the axis"))
  }

  /// The wheel magnifies, and the cursor stays in sight.
  @Test func zoomKeepsTheCursorInSight() throws {
    var scenario = Scenario(width: 120, height: 40)
    scenario.listRuns()
    scenario.press(.character("3"), .end, .character("i"), .character("i"))
    let range = try #require(scenario.state.charts.visible)
    #expect(range.contains(700))
    for _ in 0..<200 { scenario.press(.left) }
    let (cursor, visible) = (
      try #require(scenario.state.charts.cursor), try #require(scenario.state.charts.visible)
    )
    #expect(visible.contains(Double(cursor)) && visible != range)
    scenario.press(.character("0"))
    #expect(scenario.state.charts.visible == nil && scenario.state.charts.cursor == nil)
  }

  // MARK: What stands out

  @Test func outliersAreMarkedAndCounted() throws {
    var scenario = Scenario(width: 100, height: 30)
    scenario.send(
      .runs([RunListing(path: "p", experiment: "x", id: "", status: nil, state: nil)]))
    var poll = Poll()
    poll.events = (1...200).map { step in
      let value: Float = step == 77 ? 1e6 : step == 150 ? .nan : 1 + Float(step % 7) / 10
      return LogEvent(
        wallTime: Double(step), step: step, values: [.scalar(tag: "loss", value: value)])
    }
    scenario.send(.log(run: "p", poll))
    scenario.press(.character("3"), .character("y"), .character("+"))
    scenario.press(.character("y"))
    if scenario.state.focusedChart.isLogarithmic { scenario.press(.character("y")) }
    let screen = scenario.screen
    #expect(screen.contains("outlier") && screen.contains("↑") && screen.contains("×"))
    #expect(screen.contains("1 not finite") && screen.contains("200 points"))
    expectSnapshot(screen, named: "chart-outliers")
    scenario.press(.character("O"))
    #expect(!scenario.screen.contains("outlier") && !scenario.screen.contains("↑"))
  }

  @Test func runsAreOverlaid() {
    var scenario = Scenario(width: 100, height: 30)
    scenario.listRuns()
    scenario.press(.character("6"), .home)
    scenario.press(.character(" "), .down, .character(" "), .character("3"), .character("+"))
    let screen = scenario.screen
    #expect(screen.contains("first-run") && screen.contains("wide") && screen.contains("◆"))
    expectSnapshot(screen, named: "chart-overlay")
  }

  @Test func theBestValueIsMarked() {
    var scenario = Scenario(width: 100, height: 30)
    scenario.listRuns()
    scenario.press(.character("4"), .character("+"))
    // Of the validation, at its last step so far.
    #expect(scenario.screen.contains("◆ best") && scenario.screen.contains("at step 561"))
  }

  // MARK: Scalars

  @Test func everyScalarHasAChart() {
    var scenario = Scenario(width: 200, height: 60)
    scenario.listRuns()
    scenario.press(.character("8"), .character("+"))
    let screen = scenario.screen
    for tag in [
      "loss/train", "loss/val", "accuracy/train", "learning_rate", "throughput/images_per_second",
    ] {
      #expect(screen.contains(tag), "\(tag)")
    }
    expectSnapshot(screen, named: "scalars")
    scenario.press(.down, .enter)
    #expect(scenario.state.scalars.opened == "loss/val")
    #expect(scenario.screen.contains("8 loss/val"))
    scenario.press(.escape)
    #expect(scenario.state.scalars.opened == nil)
  }

  /// The selected chart stays so when others come before it.
  @Test func theSelectionStaysWithItsTag() {
    var scenario = Scenario(width: 200, height: 60)
    var early = Poll()
    early.events = [
      LogEvent(
        wallTime: Scenario.start, step: 1,
        values: ["loss/train", "accuracy/train", "learning_rate"].map {
          .scalar(tag: $0, value: 0.5)
        })
    ]
    let listing = RunListing(
      path: Scenario.running, experiment: "first-run", id: "1", status: nil, state: .running)
    scenario.send(.runs([listing]))
    scenario.send(.log(run: Scenario.running, early))
    scenario.press(.character("8"), .down, .down)
    func selected() -> String? { scenario.state.focusedChart.curves.first?.tag }
    #expect(selected() == "learning_rate")
    var later = Poll()
    later.events = [
      LogEvent(
        wallTime: Scenario.start + 1, step: 2,
        values: ["loss/val", "accuracy/val"].map { .scalar(tag: $0, value: 0.5) })
    ]
    scenario.send(.log(run: Scenario.running, later))
    #expect(selected() == "learning_rate")
    for _ in 0..<9 { scenario.press(.up) }
    #expect(selected() == "loss/train")
  }

  @Test func scalarsAreFiltered() {
    var scenario = Scenario(width: 120, height: 40)
    scenario.listRuns()
    scenario.press(.character("8"), .character("/"))
    scenario.type("VAL loss")
    #expect(ScalarsPane(scenario.state).tags == ["loss/val"])
    #expect(scenario.screen.contains("show scalars with VAL loss"))
    scenario.press(.backspace, .enter)
    #expect(scenario.state.prompt == nil && scenario.screen.contains("/VAL los"))
    scenario.press(.character("/"))
    scenario.type("x")
    #expect(scenario.screen.contains("No tag has that in its name."))
    scenario.press(.escape)
    #expect(ScalarsPane(scenario.state).tags.count == 6)
  }

  // MARK: Watching

  @Test(arguments: [(80, 24), (160, 50)])
  func watchesForeignLogs(width: Int, height: Int) {
    var state = State(
      size: Size(width: width, height: height), appearance: Appearance(), now: 100,
      role: .watching)
    let names = ["lightning/version_0", "lightning/version_1", "."]
    _ = update(
      &state,
      .runs(
        names.map {
          RunListing(path: "logs/\($0)", experiment: $0, id: "", status: nil, state: nil)
        }))
    for (index, name) in names.enumerated() {
      var poll = Poll()
      poll.events = (1...60).map { step in
        LogEvent(
          wallTime: Double(step), step: step,
          values: [
            .scalar(tag: "train_loss", value: 3 / Float(step + index)),
            .scalar(tag: "val_acc", value: 1 - 1 / Float(step + index)),
            .scalar(tag: "lr", value: 0.1),
          ])
      }
      _ = update(&state, .log(run: "logs/\(name)", poll))
    }
    let screen = FrameText.encode(view(state))
    #expect(screen.contains("version_1") && !screen.contains("composer"))
    expectSnapshot(screen, named: "watch-\(width)x\(height)")
    // There is nothing to train or to compose.
    for key: Key in [.character("t"), .character("1"), .character("e")] {
      #expect(update(&state, .input(.key(key))).isEmpty)
      #expect(state.focus == .runs)
    }
  }
}
