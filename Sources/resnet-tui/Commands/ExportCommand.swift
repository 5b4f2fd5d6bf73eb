import ArgumentParser
import EventLog
import Experiments
import Foundation

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Print a run's scalars as CSV: tag,step,wall_time,value.")

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case csv
  }

  @Argument(
    help: ArgumentHelp(
      "A run directory, or any folder with a TensorBoard event file.", valueName: "run"))
  var source: String

  @Option(help: "What to print.")
  var format: Format

  func run() throws {
    try Failure.reporting {
      let files = EventFile.files(in: source)
      guard !files.isEmpty else { throw Failure.badInput("\(source): no event log in it") }
      switch format {
      case .csv: try ScalarCSV.write(files: files) { Output.result($0) }
      }
    }
  }
}
