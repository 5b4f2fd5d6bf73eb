/// A random change of training images, made before they are resized.
public enum Augmentation: String, Sendable {
  /// Mirrors left and right with probability ½.
  case flip
  /// Shifts by up to `Augmentation.padding(of:)` pixels on either axis, with black (0) moving in:
  /// padding on all sides and a random crop of the old size.
  case crop
  /// Shifts by up to a tenth of the side on either axis, with black moving in.
  case translate
  /// Sets a square of half the side to the set's mean; its centre is any pixel, so that a part may
  /// lie outside (DeVries and Taylor 2017, arXiv:1708.04552).
  case cutout
  /// Sets a rectangle to the set's mean with probability ½: 2 to 33 % of the area, sides in a ratio of
  /// 0.3 to 3.3 (Zhong et al. 2017, arXiv:1708.04896; the values are torchvision's).
  case erase
  /// Mixes each image with another of the set, and their labels with it, in a share drawn from
  /// Beta(α, α) (Zhang et al. 2018, arXiv:1710.09412).
  case mixup

  /// The padding of a side of `extent` pixels: an eighth of it, rounded, which makes the customary 4
  /// of both 28 and 32 pixels (He et al. 2015, section 4.2).
  public static func padding(of extent: Int) -> Int { (extent + 4) / 8 }

  /// α of mixup: the paper's for ImageNet.
  static let mixupAlpha = 0.2
}
