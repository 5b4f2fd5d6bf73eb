import Foundation
import TestSupport
import Testing

@testable import Datasets

/// Reading the publishers' files, whole and damaged.
@Suite struct IDXTests {
  private static let images = "train-images-idx3-ubyte"
  private static let labels = "train-labels-idx1-ubyte"

  private static func idx(_ dimensions: [Int], _ elements: [UInt8]) -> [UInt8] {
    [0, 0, 8, UInt8(dimensions.count)]
      + dimensions.flatMap { size in (0..<4).map { UInt8(size >> (24 - 8 * $0) & 0xFF) } }
      + elements
  }

  /// A set of two training images and one test image.
  private func writeSet(_ folder: String) throws {
    for (split, count) in [("train", 2), ("t10k", 1)] {
      try put(
        Self.idx([count, 28, 28], (0..<count * 784).map { UInt8($0 % 251) }),
        at: "\(folder)/\(split)-images-idx3-ubyte")
      try put(
        Self.idx([count], (0..<count).map { UInt8($0 + 3) }),
        at: "\(folder)/\(split)-labels-idx1-ubyte")
    }
  }

  private func withSet(_ body: (String, DatasetLocation) throws -> Void) throws {
    try withScratchFolder { root in
      let folder = "\(root)/fashion-mnist"
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      try writeSet(folder)
      try body(folder, DatasetLocation(folders: ["\(root)/nothing-here", root]))
    }
  }

  @Test func readsASet() throws {
    try withSet { folder, location in
      #expect(location.status(of: .fashionMNIST) == .found(folder: folder))
      let set = try Dataset.load(.fashionMNIST, location: location)
      #expect(set.train.count == 2 && set.test.count == 1)
      #expect(set.train.labels == [3, 4])
      #expect(Array(set.train[pixelsOf: 1].prefix(3)) == [31, 32, 33])
      #expect(set.train.classes[9] == "Ankle boot")
    }
  }

  @Test func readsGzip() throws {
    try withSet { folder, location in
      let plain = try Dataset.load(.fashionMNIST, location: location).train
      let path = "\(folder)/\(Self.images)"
      let packed = gzip(try bytes(of: path))
      try FileManager.default.removeItem(atPath: path)
      try put(packed, at: path + ".gz")
      #expect(try Dataset.load(.fashionMNIST, location: location).train == plain)

      for cut in [packed.count - 1, packed.count - 9, 40, 5] {
        try put(Array(packed[..<cut]), at: path + ".gz")
        try expectRefusal(location, path + ".gz", anyOf: ["truncated", "damaged", "not an IDX"])
      }
      var flipped = packed
      flipped[100] ^= 1
      try put(flipped, at: path + ".gz")
      try expectRefusal(location, path + ".gz", anyOf: ["damaged"])
    }
  }

  private func expectRefusal(
    _ location: DatasetLocation, _ path: String, anyOf words: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let error = #expect(throws: DatasetError.self, sourceLocation: sourceLocation) {
      try Dataset.load(.fashionMNIST, location: location)
    }
    let text = "\(try #require(error))"
    #expect(text.contains(path), sourceLocation: sourceLocation)
    #expect(words.contains { text.contains($0) }, "\(text)", sourceLocation: sourceLocation)
    #expect(!text.contains("\n"), sourceLocation: sourceLocation)
  }

  struct Damage: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var file: String
    var bytes: [UInt8]
    var word: String
  }

  static let damages = [
    Damage(testDescription: "empty", file: images, bytes: [], word: "not an IDX"),
    Damage(
      testDescription: "another format", file: images, bytes: Array("PNG image".utf8),
      word: "not an IDX"),
    Damage(
      testDescription: "labels for images", file: images, bytes: idx([2], [1, 2]),
      word: "holds labels"),
    Damage(
      testDescription: "images for labels", file: labels, bytes: idx([1, 1, 2], [1, 2]),
      word: "holds images"),
    Damage(
      testDescription: "short header", file: images, bytes: [0, 0, 8, 3, 0], word: "truncated"),
    Damage(
      testDescription: "truncated", file: images,
      bytes: idx([2, 28, 28], [UInt8](repeating: 0, count: 1000)), word: "1000 of 1568"),
    Damage(
      testDescription: "too long", file: images,
      bytes: idx([2, 28, 28], [UInt8](repeating: 0, count: 1569)), word: "longer"),
    Damage(
      testDescription: "a giant", file: images, bytes: idx([0xFFFF_FFFF, 0xFFFF, 0xFFFF], []),
      word: "more than"),
    Damage(
      testDescription: "no images", file: images, bytes: idx([0, 28, 28], []), word: "holds no"),
    Damage(
      testDescription: "other pixels", file: images,
      bytes: idx([2, 32, 32], [UInt8](repeating: 0, count: 2048)), word: "32×32"),
    Damage(
      testDescription: "other count", file: labels, bytes: idx([3], [1, 2, 3]),
      word: "3 labels for the 2 images"),
    Damage(
      testDescription: "label 10", file: labels, bytes: idx([2], [1, 10]),
      word: "label 10 of image 1"),
  ]

  @Test(arguments: damages)
  func refusesDamage(_ damage: Damage) throws {
    try withSet { folder, location in
      let path = "\(folder)/\(damage.file)"
      try put(damage.bytes, at: path)
      try expectRefusal(location, path, anyOf: [damage.word])
    }
  }

  /// Headers and lengths alone tell all damage but that of labels and pixels, in the same words.
  @Test(arguments: damages)
  func theOutlineRefusesDamage(_ damage: Damage) throws {
    try withSet { folder, location in
      #expect(
        try DatasetOutline(of: .fashionMNIST, in: folder) == DatasetOutline(train: 2, test: 1))
      try put(damage.bytes, at: "\(folder)/\(damage.file)")
      let whole = #expect(throws: DatasetError.self) {
        try Dataset.load(.fashionMNIST, location: location)
      }
      guard damage.testDescription != "label 10" else {
        _ = try DatasetOutline(of: .fashionMNIST, in: folder)
        return
      }
      let outline = #expect(throws: DatasetError.self) {
        try DatasetOutline(of: .fashionMNIST, in: folder)
      }
      #expect(outline == whole)
    }
  }

  /// The end of a gzip stream tells the length; of one in parts, which only the last does, all is read.
  @Test func theOutlineOfGzip() throws {
    try withSet { folder, _ in
      let path = "\(folder)/\(Self.labels)"
      let content = try bytes(of: path)
      try FileManager.default.removeItem(atPath: path)
      let whole = DatasetOutline(train: 2, test: 1)
      let packed = gzip(content)
      try put(packed, at: path + ".gz")
      #expect(try DatasetOutline(of: .fashionMNIST, in: folder) == whole)
      try put(gzip(Array(content[..<6])) + gzip(Array(content[6...])), at: path + ".gz")
      #expect(try DatasetOutline(of: .fashionMNIST, in: folder) == whole)
      for cut in [packed.count - 1, packed.count - 9, 5] {
        try put(Array(packed[..<cut]), at: path + ".gz")
        #expect(throws: DatasetError.self) {
          try DatasetOutline(of: .fashionMNIST, in: folder)
        }
      }
    }
  }

  @Test func saysWhatIsMissing() throws {
    try withSet { folder, location in
      try FileManager.default.removeItem(atPath: "\(folder)/\(Self.labels)")
      #expect(
        location.status(of: .fashionMNIST) == .incomplete(folder: folder, missing: [Self.labels]))
      try expectRefusal(location, folder, anyOf: [Self.labels])
      let error = #expect(throws: DatasetError.self) {
        try Dataset.load(.mnist, location: location)
      }
      #expect("\(try #require(error))".contains("RESNET_TUI_DATA"))
    }
  }

  @Test func anEmptyVariableIsUnset() {
    let empty = DatasetLocation(environment: ["RESNET_TUI_DATA": "", "HOME": "/h"])
    #expect(empty.folders == ["/h/.cache/resnet-tui"])
    let both = DatasetLocation(
      environment: ["RESNET_TUI_DATA": "/a:/b", "XDG_CACHE_HOME": "/c", "HOME": "/h"])
    #expect(both.folders == ["/a", "/b", "/c/resnet-tui"])
    #expect(DatasetLocation(environment: [:]).folders == [])
    #expect(empty.status(of: .procedural) == .builtIn)
  }

  /// The publishers' own files, where they are at hand.
  @Test func readsFashionMNIST() throws {
    let location = DatasetLocation(environment: ProcessInfo.processInfo.environment)
    guard case .found = location.status(of: .fashionMNIST) else {
      print("skipped: no Fashion-MNIST found")
      return
    }
    let set = try Dataset.load(.fashionMNIST, location: location)
    #expect(set.train.count == 60_000 && set.test.count == 10_000)
    #expect(set.train.labels.prefix(5) == [9, 0, 0, 3, 0])
    for label in UInt8(0)..<10 { #expect(set.train.labels.count { $0 == label } == 6000) }
    let (mean, deviation) = Dataset.moments(of: set.train.pixels)
    #expect(abs(mean - set.mean[0]) < 5e-5)
    #expect(abs(deviation - set.standardDeviation[0]) < 5e-5)
  }
}
