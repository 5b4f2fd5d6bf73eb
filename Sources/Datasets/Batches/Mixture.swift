import Foundation
import Randomness

/// The other image that mixup adds to one, and the first one's share.
struct Mixture: Equatable {
  /// Index in the set.
  var partner: Int
  /// Of the first image, 0 to 1.
  var share: Double

  /// Drawn from (`seed`, `epoch`, `sample`) alone: any of the set's `count` images, and a share from
  /// Beta(α, α).
  init(seed: UInt64, epoch: Int, sample: Int, count: Int) {
    var generator = Philox(seed: seed, purpose: "mixup", UInt64(epoch), UInt64(sample))
    partner = generator.draw(below: count)
    // Jöhnk 1964: two powers of uniforms, taken again where their sum is above one.
    let power = 1 / Augmentation.mixupAlpha
    var share = 1.0
    for _ in 0..<1000 {
      let (x, y) = (pow(generator.uniform(), power), pow(generator.uniform(), power))
      guard x + y > 0, x + y <= 1 else { continue }
      share = x / (x + y)
      break
    }
    self.share = share
  }
}
