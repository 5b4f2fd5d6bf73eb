import ArgumentParser
import Cells
import Dashboard
import EventLog
import Experiments
import Foundation

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Print the screen of a recorded run: no terminal, no data, same input, same bytes.",
    discussion: """
      A folder without an event file shows the runs below it together, as 'watch' does: the keys mark \
      and compare them.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, ansi, svg, cast, json
  }

  @Argument(
    help: ArgumentHelp(
      "A run directory, or any folder with TensorBoard event files in it or below.",
      valueName: "run"),
    completion: .directory)
  var source: String

  @Option(
    help: ArgumentHelp(
      "Columns and rows, up to 1000x1000; a whole screen needs 80x24.", valueName: "WxH"))
  var size = Size(width: 120, height: 40)

  @Option(help: "Show the run as it was at this step.")
  var atStep: Int?

  @Option(help: "Show the run as it was at this fraction of its log, 0 to 1.")
  var atFraction: Double?

  @Option(
    help: ArgumentHelp(
      "Show the run after every so many steps, one screen after another (cast: a hundredth of them).",
      valueName: "steps"))
  var every: Int?

  @Option(
    help: "How many times faster than it was recorded a cast goes (default: \(Self.ownSpeed)).")
  var speed: Double?

  @Option(
    help: ArgumentHelp(
      "Longest time between two screens of a cast (default: \(Self.ownIdleLimit)).",
      valueName: "seconds"))
  var idleLimit: Double?

  @Option(
    help: "Show one pane alone: \(Pane.names).",
    completion: .list(Pane.allCases.map { "\($0)" }))
  var pane: String?

  @Option(
    help:
      "Press these keys first: characters, and other keys by their names, as in '9+v<down><enter>'."
  )
  var keys = ""

  @OptionGroup var appearance: ThemeOption

  @Option(
    help:
      "text has glyphs only, ansi has colours too, svg is a picture, cast a film for asciinema, json what is behind the screen."
  )
  var format = Format.text

  @Option(help: "Write to this file instead of standard output.")
  var output: String?

  private static let ownSpeed = 1.0
  private static let ownIdleLimit = 2.0

  func validate() throws {
    if atStep != nil && atFraction != nil {
      throw ValidationError("--at-step and --at-fraction exclude each other")
    }
    if let atStep, atStep < 0 { throw ValidationError("--at-step must not be negative") }
    if let atFraction, !(0...1).contains(atFraction) {
      throw ValidationError("--at-fraction must be from 0 to 1")
    }
    if every != nil {
      guard atStep == nil, atFraction == nil else {
        throw ValidationError(
          "--every shows the whole run; --at-step and --at-fraction show one moment")
      }
      guard format != .svg else { throw ValidationError("an svg is one picture, without --every") }
    }
    if let every, every < 1 { throw ValidationError("--every must be at least 1") }
    for (option, value) in [("--speed", speed), ("--idle-limit", idleLimit)] {
      guard let value else { continue }
      guard value > 0, value <= 1e6 else {
        throw ValidationError("\(option) must be above 0 and at most a million")
      }
      guard format == .cast else { throw ValidationError("\(option) is for --format cast") }
    }
    do throws(KeyScriptError) {
      _ = try KeyScript(keys)
    } catch {
      throw ValidationError("--keys: \(error)")
    }
    if let pane, Pane(name: pane) == nil {
      throw ValidationError("--pane must be one of \(Pane.names)")
    }
  }

  func run() throws {
    try Failure.reporting {
      let text = try render()
      guard let output else { return try Output.data(text) }
      guard !RunDirectory(path: source).contains(output) else {
        throw Failure.badInput("\(output): belongs to the run itself; name a file elsewhere")
      }
      try AtomicFile.deliver(Array(text.utf8), to: output)
    }
  }

  // MARK: Screens

  /// A screen of the run.
  private struct Moment {
    var state: State
    var frame: Frame
    /// Seconds since 1970 of the last event; nil where there is none.
    var wallTime: Double? { state.runs.shownEntry?.history.lastWallTime }
  }

  private func render() throws -> String {
    var runs = try RecordedRun.found(in: source)
    for run in runs { Output.complain(of: run.log.whole.gaps, in: run.path) }
    let least = ScreenLayout.minimumSize
    if pane == nil, size.width < least.width || size.height < least.height {
      Output.complain(
        "resnet-tui: --size \(size.width)x\(size.height) has no room for a screen; give it "
          + "\(least.width)x\(least.height), or name a --pane\n")
    }
    var text = ""
    var cast = FrameCast(size: size, title: RunDirectory(path: source).id)
    var (time, clock) = (0.0, Double?.none)
    for step in try steps(of: &runs) {
      let moment = try moment(runs.indices.map { try runs[$0].replayed(upTo: step) })
      switch format {
      case .text: text += (text.isEmpty ? "" : "\n") + FrameText.encode(moment.frame)
      case .ansi:
        text += (text.isEmpty ? "" : "\n") + FrameANSI.encode(moment.frame, depth: .trueColor)
      case .svg:
        text = FrameSVG.encode(
          moment.frame, theme: moment.state.appearance.theme, title: moment.state.title)
      case .json:
        text += try Output.jsonText(
          StateSummary(moment.state, frame: moment.frame), isOneLine: every != nil)
      case .cast:
        let now = moment.wallTime ?? clock ?? 0
        time += min(
          (now - (clock ?? now)) / (speed ?? Self.ownSpeed), idleLimit ?? Self.ownIdleLimit)
        clock = now
        cast.append(moment.frame, at: time)
      }
    }
    return format == .cast ? cast.text : text
  }

  /// The steps that are shown, the last among them. With `--every` those are multiples of it; of several
  /// between which nothing was written, the first.
  private func steps(of runs: inout [RecordedRun]) throws -> [Int] {
    let last = runs.map(\.log.whole.lastStep).max() ?? 0
    if let atStep { return [atStep] }
    if let atFraction { return [Int((atFraction * Double(last)).rounded())] }
    let interval = every ?? (format == .cast ? max(1, last / 100) : nil)
    guard let interval else { return [last] }
    var shown: [Int] = []
    let written = try runs.indices.flatMap { try runs[$0].log.steps() }.sorted()
    for step in written where step > 0 {
      let multiple = (step - 1) / interval * interval + interval
      if multiple < last, shown.last != multiple { shown.append(multiple) }
    }
    return shown + [last]
  }

  private func moment(_ runs: [Replay.Run]) throws -> Moment {
    var state = Replay.state(
      of: runs, size: size,
      appearance: Appearance(
        theme: appearance.chosen ?? .dark,
        // Glyphs alone have to do: pictures are drawn in shades.
        colorDepth: format == .text || format == .json ? .monochrome : .trueColor))
    let pane = pane.flatMap(Pane.init(name:))
    // The keys are the pane's that is asked for.
    if !keys.isEmpty, let pane {
      _ = update(&state, .input(.key(.character(Character("\(pane.rawValue)")))))
    }
    for key in try KeyScript(keys).keys { _ = update(&state, .input(.key(key))) }
    let frame = pane.map { view(state, pane: $0) } ?? view(state)
    return Moment(state: state, frame: frame)
  }
}

extension Pane {
  static var names: String { allCases.map { "\($0)" }.joined(separator: ", ") }

  init?(name: String) {
    guard let pane = Pane.allCases.first(where: { "\($0)" == name }) else { return nil }
    self = pane
  }
}
