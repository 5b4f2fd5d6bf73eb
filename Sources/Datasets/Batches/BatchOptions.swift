/// Height and width in pixels.
public struct ImageExtent: Hashable, Sendable {
  public var height, width: Int

  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }
}

/// What batches of a set look like.
public struct BatchOptions: Hashable, Sendable {
  /// N.
  public var batch: Int
  /// H×W to which images are resized (bilinear), or nil to keep them as they are.
  public var size: ImageExtent?
  /// Applied to training batches only.
  public var augment: [Augmentation]
  /// Every order and every augmentation is drawn from it.
  public var shuffleSeed: UInt64

  public init(
    batch: Int, size: ImageExtent? = nil, augment: [Augmentation] = [], shuffleSeed: UInt64 = 0
  ) {
    self.batch = batch
    self.size = size
    self.augment = augment
    self.shuffleSeed = shuffleSeed
  }
}
