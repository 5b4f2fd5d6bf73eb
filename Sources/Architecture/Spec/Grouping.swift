/// How wide a bottleneck block is inside, and into how many groups its 3×3 convolution is split: the
/// two customary spellings. `width(channels:expansion:)` gives both the one meaning.
public enum Grouping: Hashable, Sendable {
  /// torchvision's: the cardinality (Xie et al. 2017), and the width of a group at 64 channels.
  case cardinality(groups: Int, widthPerGroup: Int)
  /// RegNet's and the chapter's: inner width ÷ output channels, and the channels of a group; nil
  /// leaves the convolution in one group.
  case ratio(bottleneckRatio: Double, groupWidth: Int?)

  /// One group of the stage's own width.
  public static let dense = Grouping.cardinality(groups: 1, widthPerGroup: 64)

  /// Inner width and groups in numbers.
  public struct Width: Hashable, Sendable {
    /// Channels into and out of the 3×3 convolution.
    public var channels: Int
    public var groups: Int
  }

  /// The width of blocks whose stage has `channels`, before it is known to be possible: the groups
  /// may not divide the channels.
  ///
  /// - `cardinality`: int(channels × width_per_group / 64) × groups channels.
  /// - `ratio`: round(output channels × ratio) channels, ties to even as in Python, in
  ///   channels ÷ group_width groups; a group is never wider than all channels.
  public func width(channels: Int, expansion: Int) -> Width {
    switch self {
    case .cardinality(let groups, let widthPerGroup):
      return Width(channels: channels * widthPerGroup / 64 * groups, groups: groups)
    case .ratio(let ratio, let groupWidth):
      let inner = Int((Double(channels * expansion) * ratio).rounded(.toNearestOrEven))
      guard let groupWidth, groupWidth < inner else { return Width(channels: inner, groups: 1) }
      return Width(channels: inner, groups: inner / groupWidth)
    }
  }

  /// Inner width ÷ output channels of blocks with `expansion`.
  public func bottleneckRatio(expansion: Int) -> Double {
    switch self {
    case .cardinality(let groups, let widthPerGroup):
      // Of numbers that nobody has checked yet, whose product may not fit.
      Double(widthPerGroup) * Double(groups) / (64 * Double(expansion))
    case .ratio(let ratio, _): ratio
    }
  }
}
