import Architecture
import ArgumentParser
import Dashboard
import EventLog
import Experiments
import Foundation

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Print a run's scalars as CSV or JSON, or a network as Python code.",
    discussion: """
      csv prints the scalars of a run as tag,step,wall_time,value, json an array of objects with \
      these keys. The other formats print the \
      network of a run or a SPEC as one file for that framework: it defines build(), and run as a \
      program it prints the number of parameters and the shape of an output.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case csv, json, pytorch, flax, keras, gluon

    var code: CodeFormat? { CodeFormat(rawValue: rawValue) }
  }

  @Argument(
    help: ArgumentHelp(
      "A run directory, any folder with a TensorBoard event file, or a SPEC.",
      valueName: "run-or-spec"),
    completion: .spec)
  var source: String

  @Option(help: "What to print.")
  var format = Format.csv

  @OptionGroup var network: NetworkOptions

  func validate() throws {
    if format.code == nil, network.input != nil || network.classes != nil {
      throw ValidationError(
        "--input and --classes change a network, and \(format.rawValue) prints scalars")
    }
  }

  func run() throws {
    try Failure.reporting {
      if let code = format.code {
        return try Output.data(code.source(try network.resolve(source)))
      }
      let isNetwork = Preset.named(source) != nil || SpecReference.isLine(source)
      guard !isNetwork || FileManager.default.fileExists(atPath: source) else {
        throw Failure.badInput(
          "\(source): a network has no scalars; print its code with --format "
            + CodeFormat.allCases.map(\.rawValue).joined(separator: "|"))
      }
      let files = try EventFile.found(in: source)
      let gaps = try format == .json ? printJSON(files) : printCSV(files)
      Output.complain(of: gaps, in: source)
    }
  }

  private func printCSV(_ files: [String]) throws -> [LogGap] {
    var header = ScalarRow.csvHeader
    return try ScalarRow.read(files: files) { rows in
      try Output.data(header + rows.map(\.csv).joined())
      header = ""
    }
  }

  /// Piece by piece: a log can be longer than anybody would hold in memory.
  private func printJSON(_ files: [String]) throws -> [LogGap] {
    var separator = "[\n"
    let gaps = try ScalarRow.read(files: files) { rows in
      guard !rows.isEmpty else { return }
      let list = try Output.jsonText(rows, isOneLine: true)
      // Without its brackets and the newline.
      try Output.data(separator + list.dropFirst().dropLast(2))
      separator = ",\n"
    }
    try Output.data(separator == ",\n" ? "\n]\n" : "[]\n")
    return gaps
  }
}
