extension Dataset {
  /// Reads the binary batches of `name` from `folder`.
  static func batches(
    _ name: DatasetName, train: [String], test: [String], folder: String
  ) throws(DatasetError) -> Dataset {
    Dataset(
      name: name, train: try split(name, train, folder: folder),
      test: try split(name, test, folder: folder), mean: cifarMean,
      standardDeviation: cifarStandardDeviation)
  }

  /// Of CIFAR-10's training pixels on 0..1, red, green and blue, as its users list them; over all pixels,
  /// not the mean of each image's own deviation that some lists have.
  private static let cifarMean: [Float] = [0.4914, 0.4822, 0.4465]
  private static let cifarStandardDeviation: [Float] = [0.2470, 0.2435, 0.2616]

  private static func split(
    _ name: DatasetName, _ files: [String], folder: String
  ) throws(DatasetError) -> ImageSet {
    var batch = CIFARBatch()
    for file in files {
      try batch.append(
        name.requiredPath(of: file, in: folder), classes: name.classes.count)
    }
    return ImageSet(
      channels: CIFARBatch.channels, height: CIFARBatch.side, width: CIFARBatch.side,
      classes: name.classes, pixels: batch.pixels, labels: batch.labels)
  }
}
