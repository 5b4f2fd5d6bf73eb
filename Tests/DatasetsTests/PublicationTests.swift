import Crypto
import Foundation
import TestSupport
import Testing

@testable import Datasets

/// What the publishers have, and how files are held against it.
@Suite struct PublicationTests {
  @Test func everySetWithFilesIsPublished() throws {
    #expect(DatasetName.procedural.publication == nil)
    var sums: Set<String> = []
    for name in DatasetName.allCases where name != .procedural {
      let publication = try #require(name.publication)
      #expect(publication.base.hasSuffix("/") && publication.base.hasPrefix("http"))
      // Just the files that are read.
      #expect(publication.contents.map(\.name) == name.files?.names)
      for file in publication.files {
        sums.insert(file.sha256)
        // A gzip file is named for what it holds.
        #expect(file.packing == .archive || file.contents.map { $0.name + ".gz" } == [file.name])
      }
      sums.formUnion(publication.contents.map(\.sha256))
    }
    #expect(sums.count == 23)
    #expect(sums.allSatisfy { $0.wholeMatch(of: /[0-9a-f]{64}/) != nil })
    // 60,000 and 10,000 images each; the headers of images have 16 bytes, those of labels 8.
    for name in [DatasetName.fashionMNIST, .mnist] {
      let sizes = name.publication?.contents.map(\.size)
      #expect(sizes == [47_040_016, 60_008, 7_840_016, 10_008])
    }
    let batches = DatasetName.cifar10.publication?.contents.map(\.size)
    #expect(batches == [Int](repeating: 30_730_000, count: 6))
  }

  private static func content(_ name: String, _ bytes: [UInt8]) -> Publication.Content {
    .init(name, size: bytes.count, sha256: SHA256.hash(data: bytes).hexadecimal)
  }

  private static let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 3, 4, 5, 6]

  @Test func statesOfAFile() throws {
    try withScratchFolder { folder in
      let path = "\(folder)/train-labels-idx1-ubyte"
      let published = Self.content("train-labels-idx1-ubyte", Self.labels)
      func state() -> FileState { FileState(of: published, .mnist, in: folder) }
      #expect(state() == .missing)
      try put(gzip(Self.labels), at: path + ".gz")
      #expect(state() == .asPublished(path: path + ".gz"))
      // The plain one is read where both are there.
      try put(Self.labels.dropLast() + [7], at: path)
      #expect(state() == .differs(path: path))
      try put([0, 0, 8, 1, 0, 0, 0, 1, 4], at: path)
      #expect(state() == .differs(path: path))
      for bytes in [Array(Self.labels.dropLast()), Self.labels + [0], [], [1, 2, 3]] {
        try put(bytes, at: path)
        guard case .damaged(path, _) = state() else {
          Issue.record("\(bytes): \(state())")
          continue
        }
      }
      try put(Self.labels, at: path)
      #expect(state() == .asPublished(path: path))
    }
  }

  @Test func anArchiveOfBatches() throws {
    try withScratchFolder { folder in
      let path = "\(folder)/archive.tar.gz"
      let (one, two) = ([UInt8](repeating: 1, count: 700), [UInt8](repeating: 2, count: 512))
      let file = Publication.File(
        "archive.tar.gz", size: 0, sha256: "", packing: .archive,
        contents: [Self.content("one.bin", one), Self.content("two.bin", two)])
      func read(_ archive: [UInt8]) throws -> [String: [UInt8]] {
        try put(archive, at: path)
        var reader = try PublishedArchive(file, of: .cifar10, at: path)
        var found: [String: [UInt8]] = [:]
        while let (name, bytes) = try reader.next() { found[name] = bytes }
        return found
      }
      func refusal(_ archive: [UInt8]) -> String {
        do {
          return "read \(try read(archive).keys)"
        } catch {
          return "\(error)"
        }
      }
      let own = "cifar-10-batches-bin/"
      let readme: [UInt8] = [9, 9]
      let whole = Tar.archive([
        (path: "\(own)readme.html", content: readme), (path: "\(own)two.bin", content: two),
        (path: "./\(own)one.bin", content: one),
      ])
      for archive in [whole, gzip(whole)] {
        let found = try read(archive)
        #expect(found == ["one.bin": one, "two.bin": two])
      }
      // Other places and kinds of entries are passed over, whatever they are called.
      for path in [
        "../two.bin", "/two.bin", "two.bin", "\(own)../two.bin", "etc/\(own)two.bin",
      ] {
        #expect(
          refusal(Tar.archive([(own + "one.bin", one), (path, two)])).contains("lacks two.bin"))
      }
      for type in "12345" {
        let archive =
          Tar.entry(own + "one.bin", one) + Tar.entry(own + "two.bin", two, type: type) + Tar.end
        #expect(refusal(archive).contains("lacks two.bin"), "\(type)")
      }
      // Damage.
      #expect(refusal(Array(whole[..<(whole.count - 1024 - 100)])).contains("ends"))
      for cut in stride(from: 100, to: 3000, by: 100) {
        let text = refusal(Array(whole[..<cut]))
        #expect(text.contains(path) && !text.contains("\n"), "\(cut): \(text)")
      }
      let longer = Tar.archive([(own + "one.bin", one + [1]), (own + "two.bin", two)])
      #expect(refusal(longer).contains("one.bin has 701 bytes in place of 700"))
      let other = Tar.archive([(own + "one.bin", one.map { $0 + 1 }), (own + "two.bin", two)])
      #expect(refusal(other).contains("one.bin differs"))
      let giant = Tar.entry("big", [], size: 0o77777777777) + whole
      #expect(refusal(giant).contains("more than the"))
      #expect(refusal(gzip([UInt8](repeating: 7, count: 512))).contains("not tar's"))
      #expect(refusal([]).contains("lacks one.bin, two.bin"))
      var header = whole
      header[0] ^= 1
      #expect(refusal(header).contains("not tar's"))
    }
  }

  @Test func aReport() throws {
    try withScratchFolder { folder in
      var contents: [Publication.Content] = []
      for (split, labels) in [("train", [3, 3, 9]), ("t10k", [1])] as [(String, [UInt8])] {
        let count = UInt8(labels.count)
        let header: [UInt8] = [0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 28, 0, 0, 0, 28]
        let images = header + [UInt8](repeating: 5, count: labels.count * 784)
        let labelHeader: [UInt8] = [0, 0, 8, 1, 0, 0, 0, count]
        for (kind, bytes) in [("images-idx3", images), ("labels-idx1", labelHeader + labels)] {
          let name = "\(split)-\(kind)-ubyte"
          contents.append(Self.content(name, bytes))
          try put(bytes, at: "\(folder)/\(name)")
        }
      }
      let publication = Publication(
        base: "", files: [.init("", size: 0, sha256: "", packing: .archive, contents: contents)])
      func report() throws -> DatasetReport {
        try DatasetReport(reading: .mnist, in: folder, publication: publication)
      }
      let whole = try report()
      #expect(whole.isAsPublished && whole.files.count == 4 && whole.shape == [1, 28, 28])
      #expect(whole.train.count == 3 && whole.train.perClass == [0, 0, 0, 2, 0, 0, 0, 0, 0, 1])
      #expect(whole.train.labels == 3...9 && whole.test.labels == 1...1)
      try put([0, 0, 8, 1, 0, 0, 0, 1, 2], at: "\(folder)/t10k-labels-idx1-ubyte")
      let other = try report()
      #expect(!other.isAsPublished)
      #expect(other.files.map(\.isAsPublished) == [true, true, true, false])
      try put([0, 0, 8, 1, 0, 0, 0, 1, 10], at: "\(folder)/t10k-labels-idx1-ubyte")
      #expect(throws: DatasetError.self) { try report() }
    }
  }

  /// The publishers' own images and labels, where they are at hand, have the sums that are written down.
  @Test(arguments: DatasetName.allCases)
  func sumsOfWhatIsAtHand(name: DatasetName) throws {
    let location = DatasetLocation(environment: ProcessInfo.processInfo.environment)
    guard let publication = name.publication else { return }
    guard case .found(let folder) = location.status(of: name) else {
      print("skipped: no \(name.rawValue) found")
      return
    }
    let report = try DatasetReport(reading: name, in: folder, publication: publication)
    #expect(report.isAsPublished)
  }
}
