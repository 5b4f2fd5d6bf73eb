import ArgumentParser
import Crypto
import Datasets
import Downloads
import Foundation
import LoopbackServer
import Synchronization
import TestSupport
import Testing

@testable import resnet_tui

/// Fetching whole sets: what is taken, what is left, and what is replaced.
@Suite struct DatasetFetchTests {
  /// A set of a few images, as a publisher has it.
  private struct Published: Sendable {
    var name: DatasetName
    var publication: Publication
    /// By their names.
    var files: [String: [UInt8]]

    func server(upTo end: @escaping @Sendable (Int) -> Int = { _ in .max }) throws -> LoopbackServer
    {
      try LoopbackServer { request, connection in
        guard let content = files[String(request.path.dropFirst())] else {
          return connection.status("404 Not Found")
        }
        connection.serve(content, for: request, upTo: min(content.count, end(request.index)))
      }
    }

    func fetch(from server: LoopbackServer, to folder: String) -> DatasetFetch {
      var publication = publication
      publication.base = server.url
      var fetch = DatasetFetch(name: name, publication: publication, folder: folder)
      fetch.downloader.pause = { _ in }
      return fetch
    }
  }

  private static func sum(_ bytes: [UInt8]) -> String {
    SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
  }

  private static func content(_ name: String, _ bytes: [UInt8]) -> Publication.Content {
    .init(name, size: bytes.count, sha256: sum(bytes))
  }

  private static let mnist: Published = {
    var published = Published(name: .mnist, publication: .init(base: "", files: []), files: [:])
    for (split, count) in [("train", 3), ("t10k", 2)] as [(String, UInt8)] {
      let images =
        [0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 28, 0, 0, 0, 28]
        + (0..<Int(count) * 784).map { UInt8($0 % 256) }
      for (kind, bytes) in [
        ("images-idx3", images), ("labels-idx1", [0, 0, 8, 1, 0, 0, 0, count] + (0..<count)),
      ] {
        let (name, packed) = ("\(split)-\(kind)-ubyte", gzip(bytes))
        published.files[name + ".gz"] = packed
        published.publication.files.append(
          .init(
            name + ".gz", size: packed.count, sha256: sum(packed), packing: .gzip,
            contents: [content(name, bytes)]))
      }
    }
    return published
  }()

  private static let cifar: Published = {
    let batches = ((1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]).enumerated().map {
      index, name in
      (name, [UInt8](repeating: UInt8(index), count: 3073 * (index + 1)))
    }
    let archive = gzip(
      Tar.entry("cifar-10-batches-bin/", [], type: "5")
        + Tar.archive(
          batches.map { ("cifar-10-batches-bin/\($0.0)", $0.1) }
            + [("cifar-10-batches-bin/readme.html", [60, 62]), ("../evil.bin", [1])]))
    let name = "cifar-10-binary.tar.gz"
    return Published(
      name: .cifar10,
      publication: .init(
        base: "",
        files: [
          .init(
            name, size: archive.count, sha256: sum(archive), packing: .archive,
            contents: batches.map { content($0.0, $0.1) })
        ]), files: [name: archive])
  }()

  /// What the set's folder holds afterwards.
  private static func setNames(_ published: Published) -> [String] {
    published.publication.files.flatMap { file in
      file.packing == .gzip ? [file.name] : file.contents.map(\.name)
    }.sorted()
  }

  @Test(arguments: [DatasetName.mnist, .cifar10])
  func fetchesASet(name: DatasetName) async throws {
    try await withAsyncScratchFolder { root in
      let published = name == .mnist ? Self.mnist : Self.cifar
      let server = try published.server()
      let folder = "\(root)/new/\(name.rawValue)"
      let fetch = published.fetch(from: server, to: folder)
      let completed = Mutex<[String]>([])
      let outcome = try await fetch.run { event in
        if case .completed(let file) = event { completed.withLock { $0.append(file.name) } }
      }
      let size = published.files.values.reduce(0) { $0 + $1.count }
      #expect(outcome.fetched == size && outcome.report.isAsPublished)
      #expect(outcome.report.train.count == (name == .mnist ? 3 : 1 + 2 + 3 + 4 + 5))
      #expect(outcome.report.test.count == (name == .mnist ? 2 : 6))
      #expect(completed.withLock { $0 } == published.publication.files.map(\.name))
      // Nothing but what is read: no archive, no parts, nothing beside the folder.
      #expect(try names(in: folder) == Self.setNames(published))
      #expect(try names(in: root) == ["new"] && names(in: "\(root)/new") == [name.rawValue])
      #expect(
        DatasetLocation(folders: ["\(root)/new"]).status(of: name) == .found(folder: folder))

      // A second time there is nothing to do.
      #expect(try await fetch.run { _ in }.fetched == 0)
      #expect(server.stop().count == published.files.count)
    }
  }

  /// Only what is missing or damaged is fetched; the damaged plain form of a file that is there goes.
  @Test func mendsASet() async throws {
    try await withAsyncScratchFolder { folder in
      let server = try Self.mnist.server()
      let fetch = Self.mnist.fetch(from: server, to: folder)
      _ = try await fetch.run { _ in }
      try put([0, 0, 8, 1, 0, 0, 0, 9, 1], at: "\(folder)/train-labels-idx1-ubyte")
      try put([31, 139, 8, 0], at: "\(folder)/train-images-idx3-ubyte.gz")
      try FileManager.default.removeItem(atPath: "\(folder)/t10k-images-idx3-ubyte.gz")
      let outcome = try await fetch.run { _ in }
      #expect(outcome.report.isAsPublished)
      let paths = ["train-images-idx3-ubyte.gz", "t10k-images-idx3-ubyte.gz"]
      #expect(server.requests.dropFirst(4).map(\.path) == paths.map { "/" + $0 })
      #expect(outcome.fetched == paths.reduce(0) { $0 + (Self.mnist.files[$1]?.count ?? 0) })
      server.stop()
      #expect(try names(in: folder) == Self.setNames(Self.mnist))
    }
  }

  @Test func mendsBatches() async throws {
    try await withAsyncScratchFolder { folder in
      let server = try Self.cifar.server()
      let fetch = Self.cifar.fetch(from: server, to: folder)
      let own = "\(folder)/cifar-10-batches-bin"
      try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
      try put([1, 2, 3], at: "\(own)/data_batch_4.bin")
      try put([99], at: "\(folder)/data_batch_2.bin")
      #expect(try await fetch.run { _ in }.report.isAsPublished)
      #expect(server.stop().count == 1)
      #expect(
        try names(in: folder) == ["cifar-10-batches-bin"] + Self.setNames(Self.cifar))
      #expect(try names(in: own) == [])
    }
  }

  /// A file that can be read and is not the publisher's may be wanted.
  @Test func keepsWhatDiffers() async throws {
    try await withAsyncScratchFolder { folder in
      let server = try Self.mnist.server()
      let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 1, 5]
      let path = "\(folder)/t10k-labels-idx1-ubyte"
      try put(labels, at: path)
      let fetch = Self.mnist.fetch(from: server, to: folder)
      let failure = await #expect(throws: Failure.self) { try await fetch.run { _ in } }
      #expect(failure?.exitCode == 65)
      #expect(failure?.description.hasPrefix("\(path): differs from the published file") == true)
      #expect(server.stop().isEmpty)
      #expect(try bytes(of: path) == labels && names(in: folder) == ["t10k-labels-idx1-ubyte"])
    }
  }

  /// What an interrupted unpacking left is unpacked, and not fetched again.
  @Test func unpacksWhatIsThere() async throws {
    try await withAsyncScratchFolder { folder in
      let server = try Self.cifar.server()
      let name = try #require(Self.cifar.files.keys.first)
      try put(try #require(Self.cifar.files[name]), at: "\(folder)/\(name)")
      let outcome = try await Self.cifar.fetch(from: server, to: folder).run { _ in }
      #expect(outcome.report.isAsPublished && outcome.fetched == 0)
      #expect(server.stop().isEmpty)
      #expect(try names(in: folder) == Self.setNames(Self.cifar))
    }
  }

  /// Of a set that comes in part the parts stay; the next fetch asks for the rest alone.
  @Test func goesOnWhereItWasInterrupted() async throws {
    try await withAsyncScratchFolder { folder in
      let server = try Self.mnist.server { (1...4).contains($0) ? 20 : .max }
      let fetch = Self.mnist.fetch(from: server, to: folder)
      await #expect(throws: DownloadError.self) { try await fetch.run { _ in } }
      #expect(
        try names(in: folder) == [
          "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz.partial",
        ])
      #expect(DatasetLocation(folders: [folder]).status(of: .mnist) != .found(folder: folder))
      #expect(try await fetch.run { _ in }.report.isAsPublished)
      #expect(
        server.requests.dropFirst(5).map(\.start) == [20, nil, nil])
      server.stop()
      #expect(try names(in: folder) == Self.setNames(Self.mnist))
    }
  }

  // MARK: What is said

  @Test func aBarOnATerminal() {
    let file = Publication.File("x.gz", size: 4_000_000, sha256: "", packing: .gzip, contents: [])
    let written = Mutex<[String]>([])
    let progress = FetchProgress(
      columns: { 80 }, write: { text in written.withLock { $0.append(text) } })
    progress.note(.received(file, 0))
    progress.show(at: 10)
    progress.note(.received(file, 2_000_000))
    progress.show(at: 12)
    progress.note(.completed(file))
    progress.show(at: 13)
    #expect(
      written.withLock { $0 } == [
        "[>                             ] x.gz  0 B of 4.00 MB",
        "\r\u{1B}[K[===============>              ] x.gz  2.00 MB of 4.00 MB  1.00 MB/s  ETA 00:02",
        "\r\u{1B}[Kx.gz  4.00 MB\n",
      ])
  }

  @Test func linesElsewhere() {
    let file = Publication.File("x.gz", size: 4_000_000, sha256: "", packing: .gzip, contents: [])
    let written = Mutex("")
    let progress = FetchProgress(
      columns: { nil }, write: { text in written.withLock { $0 += text } })
    for second in 0...12 {
      progress.note(.received(file, second * 100_000))
      progress.show(at: Double(second))
    }
    progress.note(.completed(file))
    progress.show(at: 13)
    #expect(
      written.withLock { $0 } == """
        x.gz  500.0 kB of 4.00 MB  100.0 kB/s  ETA 00:35
        x.gz  1.00 MB of 4.00 MB  100.0 kB/s  ETA 00:30
        x.gz  4.00 MB

        """)
  }
}
