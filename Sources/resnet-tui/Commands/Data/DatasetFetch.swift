import Datasets
import Downloads
import Experiments
import Foundation

/// Brings a data set's published files to a folder, and reads them.
struct DatasetFetch: Sendable {
  let name: DatasetName
  let publication: Publication
  /// The set's own folder; made where it is missing.
  let folder: String
  var downloader = Downloader()

  struct Outcome: Sendable {
    let report: DatasetReport
    /// Bytes of the files that were fetched; 0 where all were there.
    let fetched: Int
  }

  /// What is said while it goes on.
  enum Event: Sendable {
    /// So many bytes of a file are there.
    case received(Publication.File, Int)
    case completed(Publication.File)
  }

  /// What is there and right stays; what cannot be read is replaced.
  ///
  /// - Throws: `Failure.badInput` where a file that can be read differs from the published one: it may
  ///   be wanted.
  func run(telling tell: @Sendable (Event) -> Void) async throws -> Outcome {
    let states = publication.files.map { file in
      (file, file.contents.map { FileState(of: $0, name, in: folder) })
    }
    for case .differs(let path) in states.flatMap(\.1) {
      throw Failure.badInput(
        "\(path): differs from the published file; move it away and fetch the set again")
    }
    var fetched = 0
    for (file, states) in states where !states.allSatisfy(\.isAsPublished) {
      try makeFolder()
      if try await fetch(file, tell) { fetched += file.size }
      try place(file, of: states)
      tell(.completed(file))
    }
    return Outcome(
      report: try DatasetReport(reading: name, in: folder, publication: publication),
      fetched: fetched)
  }

  /// - Returns: whether it had to be fetched.
  private func fetch(
    _ file: Publication.File, _ tell: @Sendable (Event) -> Void
  ) async throws(DownloadError) -> Bool {
    let download = Download(
      url: publication.base + file.name, size: file.size, sha256: file.sha256,
      path: path(of: file))
    // An archive stays where unpacking it was interrupted, a .gz beside a damaged plain file.
    if download.isInPlace { return false }
    try await downloader.fetch(download) { tell(.received(file, $0)) }
    return true
  }

  /// Unpacks an archive, and removes what could not be read.
  private func place(_ file: Publication.File, of states: [FileState]) throws {
    var placed: Set<String> = []
    switch file.packing {
    case .gzip: placed.insert(path(of: file))
    case .archive:
      var archive = try PublishedArchive(file, of: name, at: path(of: file))
      while let (name, bytes) = try archive.next() {
        guard !Task.isCancelled else { throw DownloadError.cancelled }
        try AtomicFile.write(bytes, to: "\(folder)/\(name)")
        placed.insert("\(folder)/\(name)")
      }
      unlink(path(of: file))
    }
    // Where plain and .gz are there, the plain one is read.
    for case .damaged(let path, _) in states where !placed.contains(path) { unlink(path) }
  }

  private func path(of file: Publication.File) -> String { "\(folder)/\(file.name)" }

  private func makeFolder() throws {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw Failure.failed(
        "\(folder): cannot create the folder; choose a place that you may write to with --to")
    }
  }
}

extension FileState {
  fileprivate var isAsPublished: Bool { if case .asPublished = self { true } else { false } }
}
