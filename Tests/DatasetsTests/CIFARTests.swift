import Foundation
import TestSupport
import Testing

@testable import Datasets

/// Reading CIFAR-10's binary batches, whole and damaged.
@Suite struct CIFARTests {
  private static let recordSize = 1 + 3 * 32 * 32

  /// A record whose planes begin with 10, 20 and 30 times `seed`, and go on by one.
  private static func record(_ label: UInt8, seed: UInt8) -> [UInt8] {
    let planes = (0..<3).flatMap { plane -> [UInt8] in
      let first = 10 * (plane + 1) * Int(seed)
      return (first..<first + 1024).map { UInt8(truncatingIfNeeded: $0) }
    }
    return [label] + planes
  }

  /// Two images a training batch, three test images.
  private static let batches: [(name: String, bytes: [UInt8])] = {
    var batches: [(name: String, bytes: [UInt8])] = []
    for batch in UInt8(1)...5 {
      let records = record(batch, seed: batch) + record(batch - 1, seed: 9)
      batches.append((name: "data_batch_\(batch).bin", bytes: records))
    }
    let test = (UInt8(7)...9).flatMap { record($0, seed: 2) }
    return batches + [(name: "test_batch.bin", bytes: test)]
  }()

  private func withSet(
    in subfolder: String = "", _ body: (String, DatasetLocation) throws -> Void
  ) throws {
    try withScratchFolder { root in
      let folder = "\(root)/cifar10"
      try FileManager.default.createDirectory(
        atPath: folder + subfolder, withIntermediateDirectories: true)
      for batch in Self.batches { try put(batch.bytes, at: "\(folder)\(subfolder)/\(batch.name)") }
      try body(folder, DatasetLocation(folders: [root]))
    }
  }

  /// As they are, in the archive's own folder, and compressed.
  @Test(arguments: ["", "/cifar-10-batches-bin"], [false, true])
  func readsASet(subfolder: String, isPacked: Bool) throws {
    try withSet(in: subfolder) { folder, location in
      if isPacked {
        for batch in Self.batches {
          let path = "\(folder)\(subfolder)/\(batch.name)"
          try put(gzip(batch.bytes), at: path + ".gz")
          try FileManager.default.removeItem(atPath: path)
        }
      }
      #expect(location.status(of: .cifar10) == .found(folder: folder))
      #expect(
        try DatasetOutline(of: .cifar10, in: folder) == DatasetOutline(train: 10, test: 3))
      let set = try Dataset.load(.cifar10, location: location)
      #expect(set.train.count == 10 && set.test.count == 3)
      #expect(set.train.channels == 3 && set.train.height == 32 && set.train.width == 32)
      #expect(set.train.labels == [1, 0, 2, 1, 3, 2, 4, 3, 5, 4])
      #expect(set.test.labels == [7, 8, 9])
      #expect(set.train.classes.first == "airplane" && set.train.classes.last == "truck")
      // The third image: the first of the second batch.
      let pixels = Array(set.train[pixelsOf: 4])
      let some: [UInt8] = [pixels[0], pixels[1], pixels[1024], pixels[2048]]
      let wanted: [UInt8] = [30, 31, 60, 90]
      #expect(some == wanted)
      #expect(set.mean.count == 3 && set.standardDeviation.count == 3)
    }
  }

  /// Each channel has its own mean and deviation, and its own place in the batch, resized or not.
  @Test func loadsThreeChannels() throws {
    try withSet { _, location in
      let set = try Dataset.load(.cifar10, location: location)
      for size in [nil, ImageExtent(height: 64, width: 64)] {
        let loader = try BatchLoader(
          set.test, mean: set.mean, standardDeviation: set.standardDeviation,
          options: BatchOptions(batch: 3, size: size, augment: [], shuffleSeed: 0),
          mode: .evaluation)
        let images = try #require(loader.withNextBatch { Array($0.images) })
        loader.stop()
        let plane = images.count / 9
        #expect(plane == (size == nil ? 32 * 32 : 64 * 64))
        for channel in 0..<3 {
          let byte = Float(set.test[pixelsOf: 0][channel * 1024])
          let wanted = (byte / 255 - set.mean[channel]) / set.standardDeviation[channel]
          #expect(abs(images[channel * plane] - wanted) < 1e-5)
        }
      }
    }
  }

  struct Damage: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var bytes: [UInt8]
    var words: [String]
    /// Whether the length alone tells it.
    var isSeenByLength = true
  }

  static let damages = [
    Damage(testDescription: "empty", bytes: [], words: ["holds no images"]),
    Damage(
      testDescription: "truncated", bytes: Array(record(1, seed: 1).dropLast()),
      words: ["3072 bytes", "3073", "fetch the file again"]),
    Damage(
      testDescription: "a byte too many", bytes: record(1, seed: 1) + [0], words: ["3074 bytes"]),
    Damage(
      testDescription: "label 10", bytes: record(3, seed: 1) + record(10, seed: 1),
      words: ["label 10 of image 1", "not below 10"], isSeenByLength: false),
    Damage(
      testDescription: "truncated gzip", bytes: Array(gzip(record(1, seed: 1)).dropLast(9)),
      words: ["gzip"]),
    Damage(
      testDescription: "a flipped bit within gzip",
      bytes: {
        var bytes = gzip(record(1, seed: 1))
        bytes[100] ^= 1
        return bytes
      }(), words: ["gzip data or its checksum"], isSeenByLength: false),
    Damage(
      testDescription: "more images than are read",
      bytes: [UInt8](repeating: 0, count: (CIFARBatch.mostRecords + 1) * recordSize),
      words: ["more than the 50000 images"]),
    Damage(
      testDescription: "an archive in its place", bytes: gzip(Tar.archive([("a", [1, 2, 3])])),
      words: ["no whole number", "label"]),
  ]

  @Test(arguments: damages)
  func refusesDamage(_ damage: Damage) throws {
    try withSet { folder, location in
      let path = "\(folder)/data_batch_3.bin"
      try put(damage.bytes, at: path)
      let error = #expect(throws: DatasetError.self) {
        try Dataset.load(.cifar10, location: location)
      }
      let text = "\(try #require(error))"
      #expect(text.hasPrefix(path + ": ") && !text.contains("\n"))
      #expect(damage.words.contains { text.contains($0) }, "\(text)")
      guard damage.isSeenByLength else {
        _ = try DatasetOutline(of: .cifar10, in: folder)
        return
      }
      let outline = #expect(throws: DatasetError.self) {
        try DatasetOutline(of: .cifar10, in: folder)
      }
      #expect(outline == error)
    }
  }

  @Test func saysWhatIsMissing() throws {
    try withSet { folder, location in
      try FileManager.default.removeItem(atPath: "\(folder)/data_batch_2.bin")
      #expect(
        location.status(of: .cifar10)
          == .incomplete(folder: folder, missing: ["data_batch_2.bin"]))
      let error = #expect(throws: DatasetError.self) {
        try Dataset.load(.cifar10, location: location)
      }
      #expect("\(try #require(error))".contains("data fetch cifar10"))
    }
  }
}
