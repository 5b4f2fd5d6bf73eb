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
      predictions.add(made, labels: labels, showing: experiment.log.images)
    }
    try recorder.describe(Predictions.tag, predictions.text, step: lifecycle.step)
    if experiment.log.images > 0, let (layer, sheet) = try withMeasuredWeights(filterSheet) {
      try recorder.show([(Predictions.filterTag(layer), sheet)], step: lifecycle.step)
    }
    lastValidation = result
    validatedStep = lifecycle.step
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
    meter.beginPause(at: start)
    let averagesMirrored = experiment.data.testTimeFlip
    let loader = try loader(images, mode: .evaluation)
    defer { loader.stop() }
    let sum = withMeasuredWeights {
      network.measure(loader, averagesMirrored: averagesMirrored, each)
    }
    let end = clock.monotonic()
    meter.endPause(at: end)
    try recorder.record(
      step: lifecycle.step,
      [("loss/\(split)", Float(sum.loss)), ("accuracy/\(split)", Float(sum.accuracy))])
    progress.measured(
      Measurement(
        split: split, step: lifecycle.step,
        epoch: (lifecycle.step - 1) / lifecycle.stepsPerEpoch + 1,
        loss: sum.loss, accuracy: sum.accuracy, seconds: end - start))
    return sum
  }

  /// Does something with the weights that are validated: their moving average where there is one.
  private func withMeasuredWeights<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try experiment.ema == nil ? body() : network.withAverage(body)
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
    try BatchLoader(images, of: experiment, dataset: data.dataset, mode: mode)
  }
}
