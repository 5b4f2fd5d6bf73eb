import ArgumentParser
import Cells
import Dashboard
import EventLog
import Experiments
import Foundation

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Print the screen of a recorded run: no terminal, no data, same input, same bytes.")

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, ansi, svg
  }

  @Argument(
    help: ArgumentHelp(
      "A run directory, or any folder with a TensorBoard event file.", valueName: "run"),
    completion: .directory)
  var source: String

  @Option(help: "Columns and rows, each up to 1000.")
  var size = Size(width: 120, height: 40)

  @Option(help: "Show the run as it was at this step.")
  var atStep: Int?

  @Option(help: "Show the run as it was at this fraction of its log, 0 to 1.")
  var atFraction: Double?

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

  @Option(help: "text has glyphs only, ansi has colours too, svg is a picture.")
  var format = Format.text

  @Option(help: "Write to this file instead of standard output.")
  var output: String?

  func validate() throws {
    if atStep != nil && atFraction != nil {
      throw ValidationError("--at-step and --at-fraction exclude each other")
    }
    if let atStep, atStep < 0 { throw ValidationError("--at-step must not be negative") }
    if let atFraction, !(0...1).contains(atFraction) {
      throw ValidationError("--at-fraction must be from 0 to 1")
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
      try AtomicFile.write(Array(text.utf8), to: output)
    }
  }

  private func render() throws -> String {
    let whole = try RunHistory.load(folder: source)
    let step = atStep ?? atFraction.map { Int(($0 * Double(whole.lastStep)).rounded()) }
    let isComplete = step.map { $0 >= whole.lastStep } ?? true
    var state = Replay.state(
      path: source, status: try? RunStatus.read(from: RunDirectory(path: source)),
      history: isComplete ? whole : try RunHistory.load(folder: source, upTo: step ?? 0),
      isComplete: isComplete, size: size,
      appearance: Appearance(theme: appearance.chosen ?? .dark))
    for key in try KeyScript(keys).keys { _ = update(&state, .input(.key(key))) }
    let frame = pane.flatMap(Pane.init(name:)).map { view(state, pane: $0) } ?? view(state)
    return switch format {
    case .text: FrameText.encode(frame)
    case .ansi: FrameANSI.encode(frame, depth: .trueColor)
    case .svg: FrameSVG.encode(frame, theme: appearance.chosen ?? .dark, title: state.title)
    }
  }
}

extension Pane {
  static var names: String { allCases.map { "\($0)" }.joined(separator: ", ") }

  init?(name: String) {
    guard let pane = Pane.allCases.first(where: { "\($0)" == name }) else { return nil }
    self = pane
  }
}
