import Randomness
import Testing

@testable import Datasets

@Suite struct BatchLoaderTests {
  /// Ten 1×2×2 images of classes 0 to 4, twice.
  private let ten = ImageSet(
    channels: 1, height: 2, width: 2, classes: (0..<5).map(String.init),
    pixels: (0..<40).map { UInt8($0 * 6) }, labels: (0..<10).map { UInt8($0 % 5) })

  private func loader(
    _ set: ImageSet? = nil, batch: Int = 3, size: Int? = nil, augment: [Augmentation] = [],
    seed: UInt64 = 1, mode: BatchLoader.Mode = .training(epoch: 0, batch: 0)
  ) throws -> BatchLoader {
    try BatchLoader(
      set ?? ten, mean: [0.25], standardDeviation: [0.5],
      options: BatchOptions(
        batch: batch, size: size.map { ImageExtent(height: $0, width: $0) }, augment: augment,
        shuffleSeed: seed), mode: mode)
  }

  private struct Copy: Equatable {
    var images: [Float]
    var labels: [Int32]
    var count: Int
    var epoch: Int
    var index: Int
  }

  private func next(_ loader: BatchLoader) -> Copy? {
    loader.withNextBatch {
      Copy(
        images: Array($0.images), labels: Array($0.labels), count: $0.count, epoch: $0.epoch,
        index: $0.index)
    }
  }

  @Test func evaluatesInOrderAndPads() throws {
    let loader = try loader(batch: 4, mode: .evaluation)
    #expect(loader.stepsPerEpoch == 3)
    let batches = (0..<3).compactMap { _ in next(loader) }
    #expect(next(loader) == nil && next(loader) == nil)
    #expect(batches.map(\.count) == [4, 4, 2])
    #expect(batches[2].labels == [3, 4, 0, 0] && batches[2].images[8...].allSatisfy { $0 == 0 })
    let pixels = batches.flatMap { $0.images.prefix($0.count * 4) }
    #expect(pixels == ten.pixels.map { (Float($0) / 255 - 0.25) / 0.5 })
  }

  @Test func trainsOnEveryImageOnceAnEpoch() throws {
    let loader = try loader(batch: 2)
    var orders: [[Float]] = []
    for epoch in 0..<3 {
      let batches = (0..<5).compactMap { _ in next(loader) }
      #expect(batches.map(\.epoch) == Array(repeating: epoch, count: 5))
      #expect(batches.map(\.index) == Array(0..<5))
      let first = batches.flatMap { [$0.images[0], $0.images[4]] }
      #expect(Set(first).count == 10)
      orders.append(first)
    }
    #expect(orders[0] != orders[1] && orders[1] != orders[2])
  }

  /// A batch depends on the seed and its place alone, not on where reading began.
  @Test func goesOnWhereItIsTold() throws {
    let augment: [Augmentation] = [.flip, .crop]
    let whole = try loader(augment: augment)
    let batches = (0..<8).compactMap { _ in next(whole) }
    for start in 0..<8 {
      let late = try loader(augment: augment, mode: .training(epoch: 0, batch: start))
      #expect(next(late) == batches[start])
    }
    #expect(try next(loader(augment: augment, seed: 2)) != batches[0])
  }

  @Test func stopsAtAnyTime() throws {
    for taken in 0..<4 {
      let loader = try loader()
      for _ in 0..<taken { _ = next(loader) }
      loader.stop()
      loader.stop()
      #expect(next(loader) == nil)
    }
  }

  @Test(arguments: [0, 11])
  func refusesABatchThatTheSetCannotFill(batch: Int) {
    let error = #expect(throws: DatasetError.self) { try loader(batch: batch) }
    #expect("\(error!)".contains("batch"))
  }

  @Test func flipsAndShifts() {
    var flipped = 0
    var shifts: Set<Int> = []
    for sample in 0..<400 {
      let pose = Pose(
        [.flip, .crop], seed: 3, epoch: 0, sample: sample, height: 28, width: 28)
      flipped += pose.isFlipped ? 1 : 0
      shifts.insert(pose.top)
      #expect(abs(pose.top) <= 4 && abs(pose.left) <= 4)
      #expect(!Pose([.crop], seed: 3, epoch: 0, sample: sample, height: 28, width: 28).isFlipped)
    }
    #expect((160...240).contains(flipped))
    #expect(shifts == Set(-4...4))
  }

  @Test func translatesByATenth() {
    let poses = (0..<400).map {
      Pose([.translate], seed: 3, epoch: 0, sample: $0, height: 32, width: 28)
    }
    #expect(Set(poses.map(\.top)) == Set(-3...3) && Set(poses.map(\.left)) == Set(-2...2))
  }

  /// A square of half the side whose centre is in the image, so that at least a quarter of it is.
  @Test func cutsOut() {
    let blanks = (0..<400).flatMap {
      Pose([.cutout], seed: 3, epoch: 0, sample: $0, height: 28, width: 28).blanks
    }
    #expect(blanks.count == 400)
    for blank in blanks {
      #expect(blank.top >= 0 && blank.left >= 0)
      #expect(blank.top + blank.height <= 28 && blank.left + blank.width <= 28)
      #expect((7...14).contains(blank.height) && (7...14).contains(blank.width))
    }
    #expect(blanks.contains { $0.height == 14 && $0.width == 14 })
  }

  @Test func erasesHalfOfTheImages() {
    let blanks = (0..<1000).flatMap {
      Pose([.erase], seed: 3, epoch: 0, sample: $0, height: 28, width: 28).blanks
    }
    #expect((440...560).contains(blanks.count))
    for blank in blanks {
      #expect(blank.top + blank.height <= 28 && blank.left + blank.width <= 28)
      #expect((0.01...0.4).contains(Double(blank.height * blank.width) / (28 * 28)))
    }
    // No kind draws from another's stream.
    let both = Pose([.crop, .erase], seed: 3, epoch: 0, sample: 4, height: 28, width: 28)
    let crop = Pose([.crop], seed: 3, epoch: 0, sample: 4, height: 28, width: 28)
    #expect(both.top == crop.top && both.left == crop.left)
  }

  /// The set's mean, which is zero after the normalisation, in the blanked place alone.
  @Test func blanksToTheMean() throws {
    let white = ImageSet(
      channels: 1, height: 8, width: 8, classes: ["a"],
      pixels: Array(repeating: 255, count: 64), labels: [0])
    let pose = try #require(
      Pose([.cutout], seed: 1, epoch: 0, sample: 0, height: 8, width: 8).blanks.first)
    let batch = try #require(next(loader(white, batch: 1, augment: [.cutout])))
    #expect(batch.images.count { $0 == 0 } == pose.height * pose.width)
    #expect(batch.images.count { $0 == 1.5 } == 64 - pose.height * pose.width)
    #expect(batch.images[pose.top * 8 + pose.left] == 0)
  }

  @Test func mixesImagesAndLabels() throws {
    let plain = try #require(next(loader()))
    var mixed: (images: [Float], labels: [Int32], shares: [Float])?
    try loader(augment: [.mixup]).withNextBatch { batch in
      let mixture = batch.mixture!
      mixed = (Array(batch.images), Array(mixture.labels), Array(mixture.shares))
      #expect(Array(batch.labels) == plain.labels)
    }
    let (images, labels, shares) = try #require(mixed)
    let whole = try #require(next(loader(batch: 10, mode: .evaluation)))
    var generator = Philox(seed: 1, purpose: "shuffle", 0)
    let order = permutation(of: 10, using: &generator)
    for n in 0..<3 {
      let mixture = Mixture(seed: 1, epoch: 0, sample: order[n], count: 10)
      #expect(shares[n] == Float(mixture.share) && labels[n] == whole.labels[mixture.partner])
      for pixel in 0..<4 {
        let expected =
          shares[n] * plain.images[n * 4 + pixel]
          + (1 - shares[n]) * whole.images[mixture.partner * 4 + pixel]
        #expect(abs(images[n * 4 + pixel] - expected) < 1e-6)
      }
    }
  }

  /// Beta(0.2, 0.2): mean ½, variance 1 / (4 · 1.4).
  @Test func mixesInSharesOfBeta() {
    let shares = (0..<4000).map { Mixture(seed: 5, epoch: 0, sample: $0, count: 9).share }
    let mean = shares.reduce(0, +) / 4000
    let variance = shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4000
    #expect(abs(mean - 0.5) < 0.03 && abs(variance - 1 / 5.6) < 0.01)
  }

  /// Against `torch.nn.functional.interpolate(mode="bilinear", align_corners=False)` of PyTorch
  /// 2.13: a row of 3 to 7, and an image of 2×3 to 3×5.
  @Test func resizesAsPyTorchDoes() {
    #expect(
      isClose(
        resized([1, 2, 4], from: (1, 3), to: (1, 7)),
        [1, 1.1428572, 1.5714285, 2, 2.857143, 3.7142859, 4]))
    #expect(
      isClose(
        resized([0, 1, 2, 3, 4, 5], from: (2, 3), to: (3, 5)),
        [
          0, 0.4, 1, 1.6, 2,
          1.5, 1.9, 2.5, 3.1, 3.5,
          3, 3.4, 4, 4.6, 5,
        ]))
    let same: [Float] = [5, 6, 7, 8]
    #expect(resized(same, from: (2, 2), to: (2, 2)) == same)
  }

  private func resized(
    _ plane: [Float], from input: (Int, Int), to output: (Int, Int)
  ) -> [Float] {
    let resize = BilinearResize(
      from: ImageExtent(height: input.0, width: input.1),
      to: ImageExtent(height: output.0, width: output.1))
    var result = [Float](repeating: .nan, count: output.0 * output.1)
    var scratch = [Float](repeating: .nan, count: resize.scratchCount)
    resize(plane, into: &result, scratch: &scratch)
    return result
  }

  private func isClose(_ a: [Float], _ b: [Float]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-6 }
  }
}
