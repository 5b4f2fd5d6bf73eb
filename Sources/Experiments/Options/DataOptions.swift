/// What an experiment trains on.
public struct DataOptions: Hashable, Sendable {
  public var set: DataSetKind
  /// Side in pixels to which images are resized, bilinearly; nil keeps the set's own.
  public var resize: Int?
  /// Images in one optimizer step.
  public var batch: Int
  /// Applied to training images.
  public var augment: [AugmentationKind]
  /// Whether an image is validated by the mean of the probabilities of itself and its mirror image.
  public var testTimeFlip: Bool
  /// Training images used, the first of the set; nil uses all.
  public var limit: Int?
  /// Training images set aside as `val`; nil validates on the test images.
  public var holdout: Int?

  public init(
    set: DataSetKind = .procedural, resize: Int? = nil, batch: Int = 128,
    augment: [AugmentationKind] = [], testTimeFlip: Bool = false, limit: Int? = nil,
    holdout: Int? = nil
  ) {
    self.set = set
    self.resize = resize
    self.batch = batch
    self.augment = augment
    self.testTimeFlip = testTimeFlip
    self.limit = limit
    self.holdout = holdout
  }
}

/// The data sets, by the names of their folders.
public enum DataSetKind: String, Hashable, Sendable, CaseIterable {
  /// Built in; needs no file.
  case procedural
  case fashionMNIST = "fashion-mnist"
  case mnist
  case cifar10

  /// Channels of an image.
  public var channels: Int { self == .cifar10 ? 3 : 1 }
  /// Height and width of an image as published.
  public var side: Int { self == .cifar10 ? 32 : 28 }
  public var classes: Int { 10 }
}

/// Random changes to training images.
public enum AugmentationKind: String, Hashable, Sendable, CaseIterable {
  /// Left to right, for half of the images.
  case flip
  /// A window of the image's size out of the zero-padded image.
  case crop
  /// A shift by up to a tenth of the side.
  case translate
  /// A square of half the side, anywhere, is blanked (DeVries and Taylor 2017, arXiv:1708.04552).
  case cutout
  /// A rectangle of half of the images is blanked (Zhong et al. 2017, arXiv:1708.04896).
  case erase
  /// Each image is mixed with another, and so are their labels (Zhang et al. 2018, arXiv:1710.09412).
  case mixup
}
