import Architecture
public import Cells
import EventLog
import Experiments

/// What a screen shows, for other programs to read: the run, its scalars, what is plainly wrong with it,
/// and the rows of the frame.
public struct StateSummary: Encodable {
  let run: Run?
  let screen: Screen
  /// By their tags.
  let scalars: [String: Scalar]
  let verdicts: [Judgement]
  let predictions: Predictions?

  struct Run: Encodable {
    var name: String
    var state: String?
    var step: Int
    var totalSteps: Int?
    var epoch: Int?
    var parameters: Int?
    var macs: Int?
  }

  struct Screen: Encodable {
    var width, height: Int
    var theme: String
    var focus: String
    var isZoomed: Bool
    /// Glyphs alone.
    var rows: [String]
  }

  struct Scalar: Encodable {
    var points: Int
    var latest: Point?
    var minimum, maximum: Point?
  }

  struct Point: Encodable {
    var step: Int
    var value: Double

    init(_ sample: Series.Sample) { (step, value) = (sample.step, sample.value) }
  }

  struct Judgement: Encodable {
    var kind: String
    var step: Int?
    var text: String
  }

  public init(_ state: State, frame: Frame) {
    let entry = state.runs.shownEntry
    run = entry.map {
      Run(
        name: $0.listing.name, state: $0.listing.state?.rawValue, step: $0.history.lastStep,
        totalSteps: $0.totalSteps, epoch: $0.epoch, parameters: $0.plan?.total.parameters,
        macs: $0.plan?.total.macs)
    }
    screen = Screen(
      width: frame.size.width, height: frame.size.height, theme: state.appearance.theme.name,
      focus: state.focus.title, isZoomed: state.isZoomed,
      rows: FrameText.encode(frame).split(separator: "\n", omittingEmptySubsequences: false)
        .dropLast().map(String.init))
    let history = entry?.history ?? RunHistory()
    scalars = history.tags.reduce(into: [:]) { scalars, tag in
      guard let series = history.series(tag) else { return }
      scalars[tag] = Scalar(
        points: series.count, latest: series.latest.map(Point.init),
        minimum: series.minimum.map(Point.init), maximum: series.maximum.map(Point.init))
    }
    verdicts = (entry?.verdicts ?? []).map {
      Judgement(kind: $0.kind.rawValue, step: $0.step, text: $0.text)
    }
    predictions = history.text(Predictions.tag).flatMap { Predictions(text: $0) }
  }
}
