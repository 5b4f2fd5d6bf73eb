import Cells
import EventLog
import Experiments

/// A look at the run that is shown as it was after an earlier step, which may go on by itself.
struct Scrub: Sendable {
  /// The run as it was after the step.
  private(set) var moment: RunEntry
  /// The step; between two of them while it plays.
  private(set) var position: Double
  private(set) var isPlaying = false
  /// How many times faster than it was recorded it plays, an index of `speeds`.
  private var speed: Int
  let lastStep: Int
  /// Steps a second as they were recorded, on average.
  private let pace: Double
  /// What the keys jump to, by steps.
  let markers: [Marker]
  private var recording: Recording
  /// When it was last moved on, in seconds since 1970.
  private var clock: Double?

  /// A step that is worth a look.
  struct Marker: Sendable, Equatable {
    var step: Int
    var text: String
  }

  static let speeds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000]
  /// Seconds that a run may take at the first speed.
  private static let patience = 40.0
  /// Most seconds that pass between two moves: a clock that leaps does not take the run along.
  private static let leap = 1.0

  /// Begins where the run is now.
  init(_ entry: RunEntry, _ recording: Recording) {
    moment = entry
    self.recording = recording
    lastStep = entry.history.lastStep
    position = Double(lastStep)
    markers = Self.markers(of: entry)
    let (first, last) = (entry.history.firstWallTime, entry.history.lastWallTime)
    let seconds = first.flatMap { first in last.map { $0 - first } } ?? 0
    pace = Double(lastStep) / (seconds > 0 ? seconds : Self.patience)
    speed =
      Self.speeds.firstIndex { seconds / Double($0) <= Self.patience } ?? Self.speeds.count - 1
  }

  /// The run directory.
  var run: String { moment.listing.path }
  var step: Int { Int(position) }
  var speedText: String { "\(NumberText.grouped(Self.speeds[speed]))×" }

  /// Makes the moment that of the step.
  ///
  /// - Parameter entry: the run as it is.
  mutating func show(_ entry: RunEntry) { moment = entry.asItWas(recording.history(upTo: step)) }

  /// Decodes the images of the moment.
  mutating func illustrate() { moment.illustrate() }

  // MARK: Moves

  mutating func go(to step: Int) {
    position = Double(max(0, min(step, lastStep)))
  }

  /// Plays or pauses; at the end it begins anew.
  mutating func togglePlaying() {
    isPlaying.toggle()
    clock = nil
    if isPlaying, step >= lastStep { position = 0 }
  }

  mutating func changeSpeed(by direction: Int) {
    speed = max(0, min(speed + direction, Self.speeds.count - 1))
  }

  var canGoFaster: Bool { speed < Self.speeds.count - 1 }
  var canGoSlower: Bool { speed > 0 }

  /// The marker before or after the present step; nil where there is none.
  func marker(_ direction: Int) -> Marker? {
    direction < 0 ? markers.last { $0.step < step } : markers.first { $0.step > step }
  }

  /// The marker of the present step, or the last before it.
  var place: Marker? { markers.last { $0.step <= step } }

  /// Time has passed; true where the step is another.
  mutating func advance(to now: Double) -> Bool {
    guard isPlaying else { return false }
    let seconds = clock.map { max(0, min(now - $0, Self.leap)) } ?? 0
    clock = now
    let before = step
    position = min(Double(lastStep), position + seconds * pace * Double(Self.speeds[speed]))
    if step == lastStep { isPlaying = false }
    return step != before
  }

  // MARK: Markers

  /// Most epochs whose ends are markers.
  private static let epochLimit = 10_000

  /// The ends of epochs, the best values, what was said to the worker, and verdicts.
  private static func markers(of entry: RunEntry) -> [Marker] {
    var markers = [Marker(step: 0, text: "the beginning")]
    let last = entry.history.lastStep
    markers.append(Marker(step: last, text: entry.hasWorker ? "now" : "the end"))
    if let interval = entry.info?.stepsPerEpoch, interval > 0, last / interval <= epochLimit {
      for (index, step) in stride(from: interval, through: last, by: interval).enumerated() {
        markers.append(Marker(step: step, text: "end of epoch \(index + 1)"))
      }
    }
    if let best = entry.history.series("accuracy/val")?.maximum {
      markers.append(
        Marker(
          step: best.step,
          text: "best accuracy/val \(NumberText.percent(best.value, decimals: 2))"))
    }
    if let best = entry.history.series("loss/val")?.minimum {
      markers.append(
        Marker(step: best.step, text: "lowest loss/val \(NumberText.significant(best.value))"))
    }
    markers += entry.history.remarks.map { Marker(step: $0.step, text: $0.text) }
    markers += entry.verdicts.map { Marker(step: $0.step, text: $0.text) }
    // Those of one step are one place.
    let sorted = markers.enumerated().filter { (0...last).contains($0.element.step) }
      .sorted { ($0.element.step, $0.offset) < ($1.element.step, $1.offset) }.map(\.element)
    return sorted.reduce(into: []) { places, marker in
      if let place = places.last, place.step == marker.step {
        places[places.count - 1].text += ", " + marker.text
      } else {
        places.append(marker)
      }
    }
  }
}
