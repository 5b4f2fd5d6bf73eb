import Architecture
import Datasets
import Experiments
import TrainingEngine

extension Network {
  /// Measures the network on all batches of a loader, with its running statistics.
  ///
  /// - Parameters:
  ///   - averagesMirrored: an image and its mirror image are looked at, and the mean is taken.
  ///   - each: is told of each batch what the images are, and what they are taken for.
  func measure(
    _ loader: BatchLoader, averagesMirrored: Bool,
    _ each: (UnsafeBufferPointer<Int32>, ArraySlice<Prediction>) -> Void
  ) -> Result {
    var sum = Result(count: 0, lossSum: 0, correct: 0)
    while let result = loader.withNextBatch({ batch in
      images.copy(from: batch.images)
      let labels = UnsafeBufferPointer(rebasing: batch.labels[..<batch.count])
      let result = evaluate(labels: labels, averagesMirrored: averagesMirrored)
      each(labels, predictions)
      return result
    }) {
      sum.count += result.count
      sum.lossSum += result.lossSum
      sum.correct += result.correct
    }
    return sum
  }
}

extension BatchLoader {
  /// The images as the experiment takes them: its batch, its network's size, its augmentation.
  convenience init(
    _ images: ImageSet, of experiment: Experiment, dataset: Dataset, mode: Mode
  ) throws(WorkerError) {
    let input = experiment.network.input
    let options = BatchOptions(
      batch: experiment.data.batch,
      size: ImageExtent(height: input.height, width: input.width),
      augment: experiment.data.augment.map(Augmentation.init), shuffleSeed: experiment.seed)
    do throws(DatasetError) {
      try self.init(
        images, mean: dataset.mean, standardDeviation: dataset.standardDeviation,
        options: options, mode: mode)
    } catch {
      throw .input("\(error)")
    }
  }
}

extension Predictions {
  /// None yet.
  init(classes: [String]) {
    self.init(
      classNames: classes,
      confusion: classes.count > Self.matrixLimit
        ? nil : Array(repeating: Array(repeating: 0, count: classes.count), count: classes.count))
  }

  /// Adds those of a batch, which follow those before in the order of the images.
  ///
  /// - Parameter limit: images that are shown of all.
  mutating func add(
    _ predictions: ArraySlice<Network.Prediction>, labels: UnsafeBufferPointer<Int32>,
    showing limit: Int
  ) {
    for (label, prediction) in zip(labels, predictions) {
      count(label: Int(label), predicted: prediction.label)
      guard shown.count < limit else { continue }
      shown.append(
        Prediction(
          label: Int(label), predicted: prediction.label,
          confidence: prediction.confidence.isFinite
            ? (prediction.confidence * 1e4).rounded() / 1e4 : nil))
    }
  }
}
