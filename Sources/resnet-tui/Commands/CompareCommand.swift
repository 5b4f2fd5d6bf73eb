import Architecture
import ArgumentParser
import Cells
import EventLog
import Experiments
import Foundation

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Show what differs between runs or networks, beside what that changed.",
    discussion: """
      Each argument is a run directory, a folder with run directories below it, or a SPEC. Settings, \
      layers and metrics that all have in common are left out, unless --all asks for them; then one \
      argument will do.
      """)

  @Argument(
    help: ArgumentHelp("Two or more runs or networks.", valueName: "run-or-spec"),
    completion: .spec)
  var subjects: [String]

  @Option(
    help: ArgumentHelp("Take runs as they were at this step, or at their end.", valueName: "step"))
  var atStep: Int?

  @Flag(help: "What all have in common too.")
  var all = false

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if let atStep, atStep < 0 { throw ValidationError("--at-step must not be negative") }
    if subjects.count < 2, !all, names.count < 2 {
      throw ValidationError("give at least two to compare, or --all")
    }
  }

  func run() throws {
    try Failure.reporting {
      for name in subjects
      where SpecReference.isFile(name) && !SpecReference.isLine(name)
        && !FileManager.default.fileExists(atPath: name)
      {
        throw Failure.badInput("\(name): no such run, file or folder")
      }
      let comparison = Comparison(
        try names.map { try Comparison.Subject(named: $0, atStep: atStep) }, keepsCommon: all)
      if json {
        try Output.json(ComparisonReport(comparison))
      } else {
        try Output.text(ComparisonTable(comparison).text())
      }
    }
  }
}

extension CompareCommand {
  private var names: [String] { subjects.flatMap(Self.runs) }

  /// The runs below a folder that is none itself; else what is named.
  private static func runs(of text: String) -> [String] {
    guard !SpecReference.isLine(text), EventFile.files(in: text).isEmpty else { return [text] }
    let below = EventFile.folders(under: text)
    return below.isEmpty ? [text] : below
  }
}

extension Comparison.Subject {
  /// The run or network that the user names.
  ///
  /// - Parameter step: up to which a run's log is read; nil for all of it.
  fileprivate init(named text: String, atStep step: Int?) throws {
    guard !SpecReference.isLine(text), !EventFile.files(in: text).isEmpty else {
      let (spec, experiment) = try SpecReference.resolve(text)
      self.init(name: text, network: try NetworkPlan(spec), experiment: experiment)
      return
    }
    var log = try RecordedLog(folder: text)
    Output.complain(of: log.whole.gaps, in: text)
    let history = try log.history(upTo: step ?? .max)
    let yaml = history.text("run/experiment")
    guard let yaml else {
      throw Failure.badInput("\(text): its event log does not say what was trained")
    }
    let experiment = try Experiment(yaml: yaml, file: "\(text)/run/experiment")
    let spec = try RunDirectory(path: text).grown(experiment.network, history: history)
    self.init(
      name: text, network: try NetworkPlan(spec), experiment: experiment, history: history)
  }
}

/// The comparison as JSON.
private struct ComparisonReport: Encodable {
  struct Row<Value: Encodable>: Encodable {
    var key: String
    var values: [Value?]
  }

  var subjects: [String]
  var settings: [Row<String>]
  var metrics: [Row<Double>]
  var layers: [Row<Comparison.Layer>]

  init(_ comparison: Comparison) {
    subjects = comparison.names
    settings = comparison.settings.map { Row(key: $0.key, values: $0.values) }
    metrics = comparison.metrics.map { Row(key: $0.key, values: $0.values) }
    layers = comparison.layers.map { Row(key: $0.key, values: $0.values) }
  }
}
