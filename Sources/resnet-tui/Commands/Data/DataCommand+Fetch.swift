public import ArgumentParser
import Cells
public import Datasets
import Downloads
import Foundation
import Worker

extension DatasetName: ExpressibleByArgument {
  public static var allValueStrings: [String] { published }
}

extension DataCommand {
  struct Fetch: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Fetch data sets from their publishers.",
      discussion: """
        Each file's size and SHA-256 are compared with the published ones, and then every image is \
        read. What is there and right is not fetched again. Ctrl-C keeps what has come, and the next \
        fetch goes on from there.
        """)

    @Argument(help: "Data sets: \(DatasetName.published.joined(separator: ", ")).")
    var sets: [DatasetName]

    @Option(
      name: .customLong("to"),
      help: ArgumentHelp(
        "The folder that gets a folder for each set (default: the first of RESNET_TUI_DATA, or "
          + "~/.cache/resnet-tui).", valueName: "dir"),
      completion: .directory)
    var place: String?

    @Option(
      help: ArgumentHelp(
        "Another address that has the set's files, under the publisher's names.",
        valueName: "url"))
    var mirror: String?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
      try DatasetName.validate(sets)
      try FolderOption.check(place, "--to")
      guard let mirror else { return }
      guard Set(sets).count == 1 else {
        throw ValidationError("--mirror is one set's address; fetch each set by itself")
      }
      guard let url = URL(string: mirror), ["http", "https"].contains(url.scheme?.lowercased()),
        url.host?.isEmpty == false
      else { throw ValidationError("--mirror must begin with http:// or https://") }
    }

    func run() throws {
      try Failure.reporting {
        StopSignals.install()
        let location = try place.map { DatasetLocation(folders: [$0]) } ?? Self.standardLocation()
        var rows: [Row] = []
        for (index, name) in sets.enumerated() where !sets[..<index].contains(name) {
          let row = try fetch(name, location)
          rows.append(row)
          if !json { try Output.text(row.line + "\n") }
        }
        if json { try Output.json(rows) }
      }
    }

    private static func standardLocation() throws -> DatasetLocation {
      let location = DatasetLocation(environment: Surroundings.environment)
      guard !location.folders.isEmpty else {
        throw Failure.badInput(
          "no folder to put data sets into: neither RESNET_TUI_DATA nor HOME is set; name one "
            + "with --to")
      }
      return location
    }

    private func fetch(_ name: DatasetName, _ location: DatasetLocation) throws -> Row {
      guard var publication = name.publication else {
        throw ValidationError("\(name.rawValue) has no files")
      }
      if case .found(let folder) = location.status(of: name),
        let report = try? DatasetReport(reading: name, in: folder, publication: publication),
        report.isAsPublished
      {
        return Row(report, fetched: 0)
      }
      if let mirror { publication.base = mirror.hasSuffix("/") ? mirror : mirror + "/" }
      let fetch = DatasetFetch(
        name: name, publication: publication, folder: "\(location.folders[0])/\(name.rawValue)")
      let progress = FetchProgress(
        columns: { Output.errorIsTerminal ? Output.columns(of: STDERR_FILENO) : nil },
        write: Output.progress)
      let clock = ContinuousClock()
      let start = clock.now
      do {
        let outcome = try Foreground.run {
          try await fetch.run(telling: progress.note)
        } tick: {
          progress.show(at: (clock.now - start) / .seconds(1))
        }
        return Row(outcome.report, fetched: outcome.fetched)
      } catch {
        progress.end()
        guard case DownloadError.cancelled = error else { throw error }
        Output.complain("\(error)\n")
        throw ExitCode(128 + StopSignals.current())
      }
    }
  }
}

/// A set that is there.
private struct Row: Encodable {
  let set: String
  let folder: String
  /// Images.
  let train, test: Int
  /// Bytes; 0 where it was there already.
  let fetchedBytes: Int

  init(_ report: DatasetReport, fetched: Int) {
    set = report.name.rawValue
    folder = report.folder
    (train, test) = (report.train.count, report.test.count)
    fetchedBytes = fetched
  }

  var line: String {
    "\(set): \(NumberText.grouped(train)) + \(NumberText.grouped(test)) images as published, "
      + "\(fetchedBytes == 0 ? "already there" : "fetched"): \(folder)"
  }
}

extension DatasetName {
  /// Names of the sets that have files.
  static var published: [String] { allCases.filter { $0.publication != nil }.map(\.rawValue) }

  /// - Throws: where a set has no files to fetch or to verify.
  static func validate(_ sets: [DatasetName]) throws {
    for set in sets where set.publication == nil {
      throw ValidationError(
        "\(set.rawValue) needs no file: it is drawn from a seed; name "
          + published.joined(separator: ", "))
    }
  }
}
