import ArgumentParser
import Dashboard
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
      "A run directory, or any folder with a TensorBoard event file.", valueName: "run"),
    completion: .directory)
  var source: String

  @Option(help: "What to print.")
  var format = Format.csv

  func run() throws {
    try Failure.reporting {
      let files = try EventFile.found(in: source)
      switch format {
      case .csv:
        let gaps = try ScalarCSV.write(files: files) { try Output.data($0) }
        if let damage = gaps.text { Output.complain("resnet-tui: \(source): \(damage)\n") }
      }
    }
  }
}
