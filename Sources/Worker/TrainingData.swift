public import Datasets
public import Experiments
import Pictures

/// The images of a run: what it trains on, what it measures itself on.
struct TrainingData {
  let train: ImageSet
  let validation: ImageSet
  /// The publisher's test images where `validation` was held out from the training images.
  let test: ImageSet?
  let dataset: Dataset

  /// Reads the experiment's data set.
  init(_ experiment: Experiment, location: DatasetLocation) throws(WorkerError) {
    let options = experiment.data
    do throws(DatasetError) {
      dataset = try Dataset.load(DatasetName(options.set), location: location)
      var train = dataset.train
      if let limit = options.limit { train = train.prefix(limit) }
      if let holdout = options.holdout {
        (self.train, validation) = try train.holdingOut(holdout, seed: experiment.seed)
        test = dataset.test
      } else {
        self.train = train
        validation = dataset.test
        test = nil
      }
    } catch {
      throw .input("\(error)")
    }
    guard train.count >= options.batch else {
      throw .input(
        "data.batch: \(options.batch) is more than the \(train.count) training images")
    }
  }
}

extension DatasetName {
  /// The set that an experiment names.
  public init(_ kind: DataSetKind) {
    self =
      switch kind {
      case .procedural: .procedural
      case .fashionMNIST: .fashionMNIST
      case .mnist: .mnist
      case .cifar10: .cifar10
      }
  }
}

extension Augmentation {
  /// The augmentation that an experiment names.
  init(_ kind: AugmentationKind) {
    self =
      switch kind {
      case .flip: .flip
      case .crop: .crop
      case .translate: .translate
      case .cutout: .cutout
      case .erase: .erase
      case .mixup: .mixup
      }
  }
}

extension ImageSet {
  /// One image as it was published; of other numbers of channels than three the first is shown.
  func picture(_ index: Int) -> Picture {
    let planes = self[pixelsOf: index]
    let shown = channels == 3 ? 3 : 1
    let (start, plane) = (planes.startIndex, height * width)
    return Picture(
      width: width, height: height, channels: shown,
      pixels: (0..<plane * shown).map { planes[start + $0 % shown * plane + $0 / shown] })
  }
}
