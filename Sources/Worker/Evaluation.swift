import Architecture
public import Datasets
public import Experiments
public import TrainingEngine

/// What trained weights make of a data set's images.
public struct Evaluation: Sendable, Equatable {
  /// Images that are measured on.
  public enum Split: String, CaseIterable, Sendable {
    /// Those that were trained on, as they are: without augmentation.
    case train
    /// Those that the run validates on: the test images, unless some training images are held out.
    case val
    case test
  }

  /// Images.
  public var count: Int
  /// Mean cross-entropy, in nats.
  public var loss: Double
  /// Fraction 0..1.
  public var accuracy: Double
  /// What they are taken for; the confusion matrix is nil for very many classes.
  public var predictions: Predictions

  /// Measures `weights` on images of the experiment's data set, as the run's own validation does.
  ///
  /// - Parameter file: where the weights come from, for messages.
  /// - Throws: `WorkerError.input` where data and weights are not the experiment's.
  public init(
    of weights: Safetensors, file: String, experiment: Experiment, on split: Split,
    location: DatasetLocation, threads: Int, convolution: ConvolutionAlgorithm
  ) throws(WorkerError) {
    if let problem = experiment.problems.first { throw .input("\(problem)") }
    let program: NetworkProgram
    do {
      program = try NetworkProgram(
        NetworkPlan(experiment.network), for: .evaluation, batch: experiment.data.batch,
        threads: threads, convolution: convolution, precision: experiment.precision)
    } catch {
      throw .input("network: \(error)")
    }
    let data = try TrainingData(experiment, location: location)
    try MemoryBudget(program, loaders: 1).check(available: MemoryBudget.available())
    let network: Network
    do throws(EngineError) {
      network = try Network(program, seed: experiment.seed)
    } catch {
      throw .failed("\(error)")
    }
    try network.load(weights, file: file)
    let images =
      switch split {
      case .train: data.train
      case .val: data.validation
      case .test: data.test ?? data.validation
      }
    let loader = try BatchLoader(
      images, of: experiment, dataset: data.dataset, mode: .evaluation)
    defer { loader.stop() }
    var predictions = Predictions(classes: images.classes)
    let result = network.measure(
      loader, averagesMirrored: experiment.data.testTimeFlip
    ) { labels, made in
      predictions.add(made, labels: labels, showing: 0)
    }
    (count, loss, accuracy) = (result.count, result.loss, result.accuracy)
    self.predictions = predictions
  }
}
