import Foundation

/// Prepares batches on a thread of its own, two ahead, in reused buffers. Batch i of epoch e depends
/// on the set, the options and (e, i) alone. Used from one thread at a time.
public final class BatchLoader {
  public enum Mode: Hashable, Sendable {
    /// Epoch after epoch without end, each in an order of its own, from batch `batch` of epoch
    /// `epoch` (both counted from 0; a run resumed after s steps starts at `(0, s)`). The images that
    /// do not fill a batch are left out.
    case training(epoch: Int, batch: Int)
    /// Once over the set in its order, not augmented; the last batch is padded with zeros.
    case evaluation
  }

  /// Batches that are in memory at a time: the one that is lent and those prepared ahead.
  public static let slots = 3

  /// Batches in one epoch, or in the evaluation.
  public let stepsPerEpoch: Int
  /// C×H×W of one prepared image.
  public let imageSize: Int
  private let queue: PrefetchQueue

  /// Starts preparing. `mean` and `standardDeviation` hold one value per channel, on 0..1.
  ///
  /// - Throws: `DatasetError.option` for a batch or a size that this set cannot serve.
  public init(
    _ images: ImageSet, mean: [Float], standardDeviation: [Float], options: BatchOptions, mode: Mode
  ) throws(DatasetError) {
    precondition(mean.count == images.channels && standardDeviation.count == images.channels)
    try BatchLoader.check(options, mode, images)
    let preparer = BatchPreparer(
      images, mean: mean, standardDeviation: standardDeviation, options: options, mode: mode)
    stepsPerEpoch = preparer.stepsPerEpoch
    imageSize = preparer.imageSize
    let queue = PrefetchQueue(
      slots: Self.slots, batch: options.batch, imageSize: preparer.imageSize)
    self.queue = queue
    let thread = Thread { queue.produce(preparer) }
    thread.name = "batches"
    thread.start()
  }

  deinit { stop() }

  /// Lends the next batch to `body`, waiting for it if need be; nil at the end of an evaluation and
  /// after `stop`. The batch's memory must not be used after `body` returns.
  public func withNextBatch<Result, Failure: Error>(
    _ body: (borrowing Batch) throws(Failure) -> Result
  ) throws(Failure) -> Result? {
    guard let buffer = queue.borrow() else { return nil }
    defer { queue.giveBack() }
    return try body(buffer.lent)
  }

  /// Ends the thread and returns once it has ended. `deinit` does the same.
  public func stop() { queue.cancelAndWait() }

  /// The most floats in one batch: 8 GiB.
  private static let mostElements = 1 << 31

  private static func check(
    _ options: BatchOptions, _ mode: Mode, _ images: ImageSet
  ) throws(DatasetError) {
    guard options.batch > 0 else {
      throw .option(
        key: "batch", reason: "\(options.batch) is not a number of images; give 1 or more")
    }
    let extent = options.size ?? ImageExtent(height: images.height, width: images.width)
    guard (1...65_536).contains(extent.height), (1...65_536).contains(extent.width) else {
      throw .option(
        key: "resize", reason: "\(extent.height)×\(extent.width) pixels; give 1 to 65,536 a side")
    }
    guard options.batch <= mostElements / (images.channels * extent.height * extent.width) else {
      throw .option(
        key: "batch",
        reason: "\(options.batch) images of \(images.channels)×\(extent.height)×\(extent.width) "
          + "need more than 8 GiB; lower data.batch or data.resize")
    }
    switch mode {
    case .evaluation: break
    case .training(let epoch, let batch):
      precondition(epoch >= 0 && batch >= 0)
      guard options.batch <= images.count else {
        throw .option(
          key: "batch",
          reason: "\(options.batch) is more than the \(images.count) training images; "
            + "lower data.batch, or raise data.limit")
      }
    }
  }
}
