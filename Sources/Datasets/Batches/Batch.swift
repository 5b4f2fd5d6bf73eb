/// A batch that the loader lends; its memory is used again once it is given back.
public struct Batch: ~Copyable {
  /// N×C×H×W, normalised. Images past `count` are zeros.
  public let images: UnsafeBufferPointer<Float>
  /// N, zeros past `count`.
  public let labels: UnsafeBufferPointer<Int32>
  /// What the images were mixed with; nil without mixup.
  public let mixture: (labels: UnsafeBufferPointer<Int32>, shares: UnsafeBufferPointer<Float>)?
  /// The number of real images: N, but for the last batch of an evaluation.
  public let count: Int
  /// Counted from 0.
  public let epoch: Int
  /// The batch's place in its epoch, counted from 0.
  public let index: Int
}

/// The place of a batch in an endless training, or in an evaluation (epoch 0). Both from 0.
struct BatchPosition: Equatable, Sendable {
  var epoch: Int
  var index: Int
}

/// One batch's own memory.
struct BatchBuffer {
  let images: UnsafeMutableBufferPointer<Float>
  let labels: UnsafeMutableBufferPointer<Int32>
  /// The labels of the images that mixup added, and the share of the others.
  let secondLabels: UnsafeMutableBufferPointer<Int32>
  let shares: UnsafeMutableBufferPointer<Float>
  var isMixed = false
  var count = 0
  var position = BatchPosition(epoch: 0, index: 0)

  init(batch: Int, imageSize: Int) {
    images = .allocate(capacity: batch * imageSize)
    labels = .allocate(capacity: batch)
    secondLabels = .allocate(capacity: batch)
    shares = .allocate(capacity: batch)
    images.initialize(repeating: 0)
    labels.initialize(repeating: 0)
    secondLabels.initialize(repeating: 0)
    shares.initialize(repeating: 1)
  }

  func deallocate() {
    images.deallocate()
    labels.deallocate()
    secondLabels.deallocate()
    shares.deallocate()
  }

  var lent: Batch {
    Batch(
      images: UnsafeBufferPointer(images), labels: UnsafeBufferPointer(labels),
      mixture: isMixed
        ? (UnsafeBufferPointer(secondLabels), UnsafeBufferPointer(shares)) : nil, count: count,
      epoch: position.epoch, index: position.index)
  }
}
