extension NetworkSpec {
  /// Bounds that keep every count far from overflow; no published network comes near them.
  enum Limit {
    static let imageSide = 1...4096
    static let imageChannels = 1...1024
    static let classes = 1...100_000
    static let stages = 1...8
    static let blocks = 1...512
    static let channels = 1...16_384
    static let stride = 1...8
    static let expansion = 1...16
    static let groups = 1...4096
    static let widthPerGroup = 1...4096
    static let stemKernel = 1...15
    /// Of one layer's output, and of one stage's blocks.
    static let width = 1...65_536
  }

  /// Inner width of a bottleneck block whose stage has `channels` (torchvision's rule).
  public func bottleneckWidth(channels: Int) -> Int {
    channels * widthPerGroup / 64 * groups
  }

  /// Output channels of the blocks of `stage`.
  public func outputChannels(of stage: Stage) -> Int {
    block == .basic ? stage.channels : stage.channels * expansion
  }

  /// Everything that is wrong with the spec, in the order of its keys; empty for a sound one.
  public func problems() -> [SpecError] {
    var found: [SpecError] = []
    func check(_ key: String, _ value: Int, _ range: ClosedRange<Int>) {
      guard !range.contains(value) else { return }
      found.append(
        SpecError(
          key: key,
          reason: "\(value) is outside \(range.lowerBound) to \(range.upperBound)."))
    }
    check("input[0]", input.channels, Limit.imageChannels)
    check("input[1]", input.height, Limit.imageSide)
    check("input[2]", input.width, Limit.imageSide)
    check("classes", classes, Limit.classes)
    if case .custom(let kernel, let stride, let channels, _) = stem {
      check("stem.kernel", kernel, Limit.stemKernel)
      check("stem.stride", stride, Limit.stride)
      check("stem.channels", channels, Limit.channels)
      if kernel % 2 == 0 {
        found.append(
          SpecError(
            key: "stem.kernel",
            reason: "\(kernel) is even, so the padding would be lopsided; "
              + "\(max(1, kernel - 1)) or \(kernel + 1) would do."))
      }
    }
    check("stages", stages.count, Limit.stages)
    for (index, stage) in stages.enumerated() {
      check("stages[\(index)].blocks", stage.blocks, Limit.blocks)
      check("stages[\(index)].channels", stage.channels, Limit.channels)
      check("stages[\(index)].stride", stage.stride, Limit.stride)
    }
    check("expansion", expansion, Limit.expansion)
    check("groups", groups, Limit.groups)
    check("width_per_group", widthPerGroup, Limit.widthPerGroup)
    if !(batchNorm.eps > 0 && batchNorm.eps < 1) {
      found.append(
        SpecError(key: "batch_norm.eps", reason: "\(batchNorm.eps) is not between 0 and 1."))
    }
    if !(batchNorm.momentum > 0 && batchNorm.momentum <= 1) {
      found.append(
        SpecError(
          key: "batch_norm.momentum",
          reason: "\(batchNorm.momentum) is not above 0 and at most 1."))
    }
    if found.isEmpty { found = widthProblems() }
    return found
  }

  /// Problems of values that are each in range but do not go together.
  private func widthProblems() -> [SpecError] {
    switch block {
    case .basic:
      guard groups == 1, widthPerGroup == 64 else {
        let key = groups == 1 ? "width_per_group" : "groups"
        return [
          SpecError(
            key: key,
            reason: "basic blocks have no grouped convolution; "
              + "choose block: bottleneck, or groups 1 and width_per_group 64.")
        ]
      }
      return []
    case .bottleneck:
      return stages.enumerated().compactMap { index, stage in
        let width = bottleneckWidth(channels: stage.channels)
        if width == 0 {
          let least = (64 + stage.channels - 1) / stage.channels
          return SpecError(
            key: "width_per_group",
            reason: "\(widthPerGroup) leaves stage \(index + 1) (channels \(stage.channels)) "
              + "without channels in its groups; \(least) is the least that does.")
        }
        if !Limit.width.contains(width) || !Limit.width.contains(outputChannels(of: stage)) {
          return SpecError(
            key: "stages[\(index)].channels",
            reason: "the blocks would be \(max(width, outputChannels(of: stage))) channels wide; "
              + "\(Limit.width.upperBound) is the most.")
        }
        return nil
      }
    }
  }
}
