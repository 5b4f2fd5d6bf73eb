import Randomness

extension Dataset {
  /// Draws 10 classes of silhouettes, 1×28×28, from `seed`: the same bytes on every machine. Labels
  /// go round, so that every prefix is balanced; image i of a split does not depend on how many
  /// there are.
  public static func procedural(
    seed: UInt64, trainCount: Int = 12_000, testCount: Int = 2_000
  ) -> Dataset {
    let train = silhouettes(trainCount, seed: seed, split: 0)
    let (mean, standardDeviation) = moments(of: train.pixels)
    return Dataset(
      name: .procedural, train: train, test: silhouettes(testCount, seed: seed, split: 1),
      mean: [mean], standardDeviation: [standardDeviation])
  }

  private static func silhouettes(_ count: Int, seed: UInt64, split: UInt64) -> ImageSet {
    let side = SilhouettePainter.side
    let classes = DatasetName.procedural.classes
    var painter = SilhouettePainter()
    var pixels: [UInt8] = []
    pixels.reserveCapacity(count * side * side)
    let labels = (0..<count).map { UInt8($0 % classes.count) }
    for (index, label) in labels.enumerated() {
      var generator = Philox(seed: seed, purpose: "silhouette", split, UInt64(index))
      painter.paint(Int(label), using: &generator, into: &pixels)
    }
    return ImageSet(
      channels: 1, height: side, width: side, classes: classes, pixels: pixels, labels: labels)
  }

  /// Mean and standard deviation of `pixels` on 0..1, from exact sums.
  static func moments(of pixels: [UInt8]) -> (mean: Float, standardDeviation: Float) {
    var (sum, squares) = (0, 0)
    for pixel in pixels {
      sum += Int(pixel)
      squares += Int(pixel) * Int(pixel)
    }
    let count = Double(max(1, pixels.count))
    let mean = Double(sum) / count
    let variance = max(0, Double(squares) / count - mean * mean)
    return (Float(mean / 255), Float(variance.squareRoot() / 255))
  }
}
