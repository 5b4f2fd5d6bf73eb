/// How an inception block shares its output channels among its branches: in the proportions of
/// GoogLeNet's first one, 64 + 128 + 32 + 32 of 256 channels behind 96 and 16 reduced ones (Szegedy
/// et al. 2015, table 1, "3a").
struct InceptionWidths: Hashable {
  /// Every share is a multiple of a sixteenth.
  static let unit = 16

  /// The 1×1 convolution alone.
  let single: Int
  /// 1×1 before the 3×3, and the 3×3.
  let reduced3: Int, output3: Int
  /// 1×1 before the 5×5, and the 5×5.
  let reduced5: Int, output5: Int
  /// The 1×1 behind the pooling.
  let pooled: Int

  init(channels: Int) {
    let part = channels / Self.unit
    single = 4 * part
    (reduced3, output3) = (6 * part, 8 * part)
    (reduced5, output5) = (part, 2 * part)
    pooled = 2 * part
  }
}
