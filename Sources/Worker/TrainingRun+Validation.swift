import Architecture
import Datasets
import Experiments
import Pictures
import TrainingEngine

extension TrainingRun {
  /// Measures the network on the validation images, and writes what it makes of them.
  func validate() throws(WorkerError) {
    var predictions = Predictions(classes: data.validation.classes)
    let result = try measure(data.validation, split: "val") { labels, made in
      predictions.add(made, labels: labels)
    }
    try recorder.describe(Predictions.tag, predictions.text, step: lifecycle.step)
    if let (layer, sheet) = try filterSheet() {
      try recorder.show([(Predictions.filterTag(layer), sheet)], step: lifecycle.step)
    }
    lastValidation = result
    if best.map({ result.accuracy > $0.accuracy }) ?? true {
      best = Checkpoint.Best(step: lifecycle.step, accuracy: result.accuracy)
    }
    try recorder.update {
      $0.step = lifecycle.step
      $0.epoch = lifecycle.epoch
    }
  }

  /// Measures the network on the test images, where it was validated on others.
  func test() throws(WorkerError) {
    if let test = data.test { _ = try measure(test, split: "test") { _, _ in } }
  }

  /// - Parameter each: is told of each batch what the images are, and what they are taken for.
  private func measure(
    _ images: ImageSet, split: String,
    each: (UnsafeBufferPointer<Int32>, ArraySlice<Network.Prediction>) -> Void
  ) throws(WorkerError) -> Network.Result {
    let start = clock.monotonic()
    let loader = try loader(images, mode: .evaluation)
    defer { loader.stop() }
    let sum =
      experiment.ema == nil
      ? evaluate(loader, each) : network.withAverage { evaluate(loader, each) }
    let seconds = clock.monotonic() - start
    meter.pause(for: seconds)
    try recorder.record(
      step: lifecycle.step,
      [("loss/\(split)", Float(sum.loss)), ("accuracy/\(split)", Float(sum.accuracy))])
    progress.measured(
      Measurement(
        split: split, step: lifecycle.step,
        epoch: (lifecycle.step - 1) / lifecycle.stepsPerEpoch + 1,
        loss: sum.loss, accuracy: sum.accuracy, seconds: seconds))
    return sum
  }

  private func evaluate(
    _ loader: BatchLoader,
    _ each: (UnsafeBufferPointer<Int32>, ArraySlice<Network.Prediction>) -> Void
  ) -> Network.Result {
    var sum = Network.Result(count: 0, lossSum: 0, correct: 0)
    while let result = loader.withNextBatch({ batch in
      network.images.copy(from: batch.images)
      let labels = UnsafeBufferPointer(rebasing: batch.labels[..<batch.count])
      let result = network.evaluate(
        labels: labels, averagesMirrored: experiment.data.testTimeFlip)
      each(labels, network.predictions)
      return result
    }) {
      sum.count += result.count
      sum.lossSum += result.lossSum
      sum.correct += result.correct
    }
    return sum
  }

  /// The filters of the first convolution, with its name; nil where it has none to look at.
  private func filterSheet() throws(WorkerError) -> (layer: String, sheet: Picture)? {
    for layer in network.program.plan.layers {
      guard case .convolution(let convolution) = layer.operation,
        let weight = layer.parameters.first
      else { continue }
      do throws(EngineError) {
        return FilterSheet(
          filters: convolution.outputChannels,
          inputs: convolution.inputChannels / convolution.groups,
          kernel: convolution.window.kernel, weight: try network.parameter(weight.name)
        ).map { (layer.name, $0.picture) }
      } catch {
        throw .failed("\(error)")
      }
    }
    return nil
  }

  func loader(
    _ images: ImageSet, mode: BatchLoader.Mode
  ) throws(WorkerError) -> BatchLoader {
    let input = experiment.network.input
    let options = BatchOptions(
      batch: experiment.data.batch,
      size: ImageExtent(height: input.height, width: input.width),
      augment: experiment.data.augment.map(Augmentation.init), shuffleSeed: experiment.seed)
    do throws(DatasetError) {
      return try BatchLoader(
        images, mean: data.dataset.mean, standardDeviation: data.dataset.standardDeviation,
        options: options, mode: mode)
    } catch {
      throw .input("\(error)")
    }
  }
}

extension Predictions {
  /// None yet.
  fileprivate init(classes: [String]) {
    self.init(
      classNames: classes,
      confusion: classes.count > Self.matrixLimit
        ? nil : Array(repeating: Array(repeating: 0, count: classes.count), count: classes.count))
  }

  /// Adds those of a batch, which follow those before in the order of the images.
  fileprivate mutating func add(
    _ predictions: ArraySlice<Network.Prediction>, labels: UnsafeBufferPointer<Int32>
  ) {
    for (label, prediction) in zip(labels, predictions) {
      count(label: Int(label), predicted: prediction.label)
      guard shown.count < Self.shownLimit else { continue }
      shown.append(
        Prediction(
          label: Int(label), predicted: prediction.label,
          confidence: (prediction.confidence * 1e4).rounded() / 1e4))
    }
  }
}
