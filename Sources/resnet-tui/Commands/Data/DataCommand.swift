import ArgumentParser
import Datasets

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Say which data sets are at hand, fetch them, verify them.",
    subcommands: [List.self, Fetch.self, Verify.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the data sets, where they were found, and what is missing.")

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
      let location = DatasetLocation(environment: Surroundings.environment)
      let rows = DatasetName.allCases.map { Row($0, location.status(of: $0)) }
      if json { return try Output.json(rows) }
      try Output.text(
        TextTable(
          columns: [.init("set"), .init("state"), .init("where")],
          rows: rows.map { [$0.set, $0.state, $0.detail] }
        ).text())
    }
  }
}

/// One data set and where it is.
private struct Row: Encodable {
  let set: String
  /// `built-in`, `found`, `incomplete` or `missing`.
  let state: String
  /// The folder, and what is missing or how to mend it.
  let detail: String

  init(_ name: DatasetName, _ status: DatasetLocation.Status) {
    set = name.rawValue
    switch status {
    case .builtIn:
      (state, detail) = ("built-in", "drawn from a seed")
    case .found(let folder):
      (state, detail) = ("found", folder)
    case .incomplete(let folder, let missing):
      (state, detail) = ("incomplete", "\(folder) lacks \(missing.joined(separator: ", "))")
    case .notFound:
      (state, detail) = ("missing", "'resnet-tui data fetch \(name.rawValue)' fetches it")
    }
  }
}
