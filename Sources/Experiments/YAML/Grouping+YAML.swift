import Architecture
import Yams

extension Grouping {
  /// The keys of both spellings.
  static let keys = ["groups", "width_per_group", "bottleneck_ratio", "group_width"]

  /// Reads the keys of one spelling from the mapping of a network or of a stage; nil if it has
  /// none of them. What a spelling leaves open stays as in `base`.
  ///
  /// - Throws: keys of both spellings, or a value of another type.
  init?(
    _ reader: MappingReader, over base: Grouping, expansion: Int
  ) throws(ExperimentError) {
    let groups = try reader.integer("groups")
    let widthPerGroup = try reader.integer("width_per_group")
    let ratio = try reader.number("bottleneck_ratio")
    let groupWidth = try reader.integer("group_width")
    let isCardinality = groups != nil || widthPerGroup != nil
    // A null group width is one group, and has to be said.
    let hasWidth = reader.has("group_width")
    let isRatio = ratio != nil || hasWidth
    if isCardinality && isRatio {
      throw reader.error(
        ratio != nil ? "bottleneck_ratio" : "group_width",
        "says what \(groups != nil ? "groups" : "width_per_group") says in another spelling; give "
          + "groups and width_per_group, or bottleneck_ratio and group_width.")
    }
    if isCardinality {
      var (cardinality, width) = (1, 64)
      if case .cardinality(let own, let ownWidth) = base { (cardinality, width) = (own, ownWidth) }
      self = .cardinality(groups: groups ?? cardinality, widthPerGroup: widthPerGroup ?? width)
    } else if isRatio {
      var ownWidth: Int?
      switch base {
      case .ratio(_, let width): ownWidth = width
      case .cardinality(let own, _):
        if own > 1 && !hasWidth {
          throw reader.error(
            "bottleneck_ratio",
            "replaces the \(own) groups of the preset or network; give group_width too.")
        }
      }
      self = .ratio(
        bottleneckRatio: ratio ?? base.bottleneckRatio(expansion: expansion),
        groupWidth: hasWidth ? groupWidth : ownWidth)
    } else {
      return nil
    }
  }

  /// Its keys and values.
  var pairs: [(String, Node)] {
    switch self {
    case .cardinality(let groups, let widthPerGroup):
      return [("groups", .plain(groups)), ("width_per_group", .plain(widthPerGroup))]
    case .ratio(let ratio, let groupWidth):
      return [("bottleneck_ratio", .number(ratio)), ("group_width", .plain(groupWidth))]
    }
  }
}
