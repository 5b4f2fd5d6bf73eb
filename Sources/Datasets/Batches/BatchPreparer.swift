import Randomness

/// Fills batches: which images, how posed, resized and normalised, as a function of the seed and the
/// batch's position alone.
struct BatchPreparer: Sendable {
  private let images: ImageSet
  private let options: BatchOptions
  private let mode: BatchLoader.Mode
  private let resize: BilinearResize
  /// Per channel, the normalised value of each byte.
  private let normalized: [[Float]]
  /// C×H×W of the output.
  let imageSize: Int
  let stepsPerEpoch: Int

  /// The order of one epoch, kept while its batches are filled.
  private var order: [Int] = []
  private var orderedEpoch: Int?
  /// One plane of the published size, and the resize's own.
  private var plane: [Float]
  private var scratch: [Float]
  /// The image that is mixed in; empty without mixup.
  private var mixed: [Float]

  init(
    _ images: ImageSet, mean: [Float], standardDeviation: [Float], options: BatchOptions,
    mode: BatchLoader.Mode
  ) {
    self.images = images
    self.options = options
    self.mode = mode
    let input = ImageExtent(height: images.height, width: images.width)
    let output = options.size ?? input
    resize = BilinearResize(from: input, to: output)
    normalized = zip(mean, standardDeviation).map { mean, deviation in
      (0...255).map { (Float($0) / 255 - mean) / deviation }
    }
    imageSize = images.channels * output.height * output.width
    stepsPerEpoch =
      switch mode {
      case .training: images.count / options.batch
      case .evaluation: (images.count + options.batch - 1) / options.batch
      }
    plane = Array(repeating: 0, count: input.height * input.width)
    scratch = Array(repeating: 0, count: resize.scratchCount)
    mixed = Array(
      repeating: 0, count: mode != .evaluation && options.augment.contains(.mixup) ? imageSize : 0)
  }

  /// Where the batches begin, or nil where there are none; a start at an epoch's end is the next
  /// epoch's beginning.
  var start: BatchPosition? {
    guard stepsPerEpoch > 0 else { return nil }
    return switch mode {
    case .training(let epoch, let batch):
      BatchPosition(epoch: epoch + batch / stepsPerEpoch, index: batch % stepsPerEpoch)
    case .evaluation: BatchPosition(epoch: 0, index: 0)
    }
  }

  /// What follows `position`, or nil at the end of an evaluation.
  func position(after position: BatchPosition) -> BatchPosition? {
    if position.index + 1 < stepsPerEpoch {
      return BatchPosition(epoch: position.epoch, index: position.index + 1)
    }
    return mode == .evaluation ? nil : BatchPosition(epoch: position.epoch + 1, index: 0)
  }

  /// Fills `buffer` with the batch at `position`.
  mutating func fill(_ buffer: inout BatchBuffer, at position: BatchPosition) {
    orderImages(of: position.epoch)
    let start = position.index * options.batch
    let count = min(options.batch, images.count - start)
    for n in 0..<count {
      let sample = order[start + n]
      buffer.labels[n] = Int32(images.labels[sample])
      let destination = buffer.images.baseAddress! + n * imageSize
      prepare(sample, epoch: position.epoch, into: destination)
      guard !mixed.isEmpty else { continue }
      let mixture = Mixture(
        seed: options.shuffleSeed, epoch: position.epoch, sample: sample, count: images.count)
      mix(mixture, epoch: position.epoch, into: destination)
      buffer.secondLabels[n] = Int32(images.labels[mixture.partner])
      buffer.shares[n] = Float(mixture.share)
    }
    buffer.isMixed = !mixed.isEmpty
    buffer.images[(count * imageSize)...].update(repeating: 0)
    buffer.labels[count...].update(repeating: 0)
    buffer.count = count
    buffer.position = position
  }

  private mutating func orderImages(of epoch: Int) {
    guard orderedEpoch != epoch else { return }
    orderedEpoch = epoch
    switch mode {
    case .evaluation: order = Array(0..<images.count)
    case .training:
      var generator = Philox(seed: options.shuffleSeed, purpose: "shuffle", UInt64(epoch))
      order = permutation(of: images.count, using: &generator)
    }
  }

  /// Adds the partner, in its own pose, to the image at `destination`.
  private mutating func mix(
    _ mixture: Mixture, epoch: Int, into destination: UnsafeMutablePointer<Float>
  ) {
    // Out of the struct while `prepare` changes the rest of it.
    var partner = mixed
    mixed = []
    partner.withUnsafeMutableBufferPointer {
      prepare(mixture.partner, epoch: epoch, into: $0.baseAddress!)
    }
    let (share, rest) = (Float(mixture.share), Float(1 - mixture.share))
    for index in 0..<imageSize {
      destination[index] = share * destination[index] + rest * partner[index]
    }
    mixed = partner
  }

  private mutating func prepare(
    _ sample: Int, epoch: Int, into destination: UnsafeMutablePointer<Float>
  ) {
    let pose = Pose(
      mode == .evaluation ? [] : options.augment, seed: options.shuffleSeed, epoch: epoch,
      sample: sample, height: images.height, width: images.width)
    let planeSize = images.height * images.width
    let outputSize = resize.output.height * resize.output.width
    for channel in 0..<images.channels {
      let table = normalized[channel]
      let first = sample * images.imageSize + channel * planeSize
      let target = destination + channel * outputSize
      images.pixels.withUnsafeBufferPointer { pixels in
        let source = pixels.baseAddress! + first
        if resize.input == resize.output {
          resize.input.normalize(source, by: table, pose: pose, into: target)
        } else {
          plane.withUnsafeMutableBufferPointer { plane in
            resize.input.normalize(source, by: table, pose: pose, into: plane.baseAddress!)
            scratch.withUnsafeMutableBufferPointer {
              resize(plane.baseAddress!, into: target, scratch: $0.baseAddress!)
            }
          }
        }
      }
    }
  }
}

extension ImageExtent {
  /// Writes one plane of this extent, posed, with each byte replaced by its value in `table`.
  fileprivate func normalize(
    _ source: UnsafePointer<UInt8>, by table: [Float], pose: Pose,
    into destination: UnsafeMutablePointer<Float>
  ) {
    table.withUnsafeBufferPointer { table in
      for y in 0..<height {
        let from = source + (y + pose.top) * width
        let to = destination + y * width
        let isInside = (0..<height).contains(y + pose.top)
        for x in 0..<width {
          let column = (pose.isFlipped ? width - 1 - x : x) + pose.left
          to[x] = table[isInside && column >= 0 && column < width ? Int(from[column]) : 0]
        }
      }
      for blank in pose.blanks {
        for y in blank.top..<blank.top + blank.height {
          // Zero is the set's mean.
          (destination + y * width + blank.left).update(repeating: 0, count: blank.width)
        }
      }
    }
  }
}
