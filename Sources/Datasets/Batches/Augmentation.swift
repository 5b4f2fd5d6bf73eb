import Randomness

/// A random change of a training image, made before it is resized.
public enum Augmentation: String, Sendable, CaseIterable {
  /// Mirrors left and right with probability ½.
  case flip
  /// Shifts by up to `Augmentation.padding(of:)` pixels on either axis, with black (0) moving in:
  /// padding on all sides and a random crop of the old size.
  case crop

  /// The padding of a side of `extent` pixels: an eighth of it, rounded, which makes the customary 4
  /// of both 28 and 32 pixels (He et al. 2015, section 4.2).
  public static func padding(of extent: Int) -> Int { (extent + 4) / 8 }
}

/// The pose that augmentation gives one image.
struct Pose: Equatable {
  var isFlipped = false
  /// Source row and column of the top left pixel, each -padding...padding.
  var top = 0
  var left = 0

  /// Drawn from (`seed`, `epoch`, `sample`) alone, so that neither the batch size nor a resumed run
  /// changes it; `sample` is the image's index in its set.
  init(
    _ augment: [Augmentation], seed: UInt64, epoch: Int, sample: Int, height: Int, width: Int
  ) {
    guard !augment.isEmpty else { return }
    var generator = Philox(seed: seed, purpose: "augment", UInt64(epoch), UInt64(sample))
    let side = generator.draw(below: 2)
    let (down, right) = (Augmentation.padding(of: height), Augmentation.padding(of: width))
    let shift = (generator.draw(below: 2 * down + 1), generator.draw(below: 2 * right + 1))
    if augment.contains(.flip) { isFlipped = side == 1 }
    if augment.contains(.crop) { (top, left) = (shift.0 - down, shift.1 - right) }
  }
}
