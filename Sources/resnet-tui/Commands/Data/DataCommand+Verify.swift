import ArgumentParser
import Cells
import Datasets

extension DataCommand {
  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read every image and label, and compare the files with the published.",
      discussion: """
        Files are compared by the SHA-256 of what they hold, compressed or not. Exits 65 where \
        something is damaged or missing; a whole file that differs from the published one is told, \
        and no error.
        """)

    @Argument(
      help: "Data sets: \(DatasetName.published.joined(separator: ", ")) (default: all found).")
    var sets: [DatasetName] = []

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws { try DatasetName.validate(sets) }

    func run() throws {
      try Failure.reporting {
        let location = DatasetLocation(environment: Surroundings.environment)
        var reports: [DatasetReport] = []
        var failures: [DatasetError] = []
        for name in sets.isEmpty ? DatasetName.allCases : sets {
          do throws(DatasetError) {
            guard let report = try verify(name, location) else { continue }
            reports.append(report)
          } catch {
            failures.append(error)
          }
        }
        let verified = reports.map(VerifiedSet.init)
        if json {
          try Output.json(verified)
        } else if reports.isEmpty && failures.isEmpty {
          try Output.text("no data set found; 'resnet-tui data fetch fashion-mnist' fetches one\n")
        } else {
          try Output.text(verified.map { $0.text() }.joined(separator: "\n"))
        }
        for failure in failures.dropLast() { _ = Failure(failure).report() }
        if let last = failures.last { throw last }
      }
    }

    /// nil for a set that is not there, and was not asked for.
    private func verify(
      _ name: DatasetName, _ location: DatasetLocation
    ) throws(DatasetError) -> DatasetReport? {
      guard let publication = name.publication else { return nil }
      switch location.status(of: name) {
      case .builtIn: return nil
      case .found(let folder):
        return try DatasetReport(reading: name, in: folder, publication: publication)
      case .incomplete(let folder, let missing):
        throw .incomplete(name, folder: folder, missing: missing)
      case .notFound(let folders):
        guard sets.isEmpty else { throw .notFound(name, folders: folders) }
        return nil
      }
    }
  }
}
