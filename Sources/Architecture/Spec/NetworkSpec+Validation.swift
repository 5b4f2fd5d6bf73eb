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
    static let bottleneckRatio = 0.001...64.0
    static let stemKernel = 1...15
    /// Of one layer's output.
    static let width = 1...65_536
  }

  /// Everything that is wrong with the spec, in the order of its keys; empty for a sound one.
  public func problems() -> [SpecError] {
    let found = rangeProblems()
    return found.isEmpty ? combinationProblems() : found
  }

  // MARK: Values by themselves

  private func rangeProblems() -> [SpecError] {
    var found: [SpecError] = []
    func check(_ key: String, _ value: Int, _ range: ClosedRange<Int>) {
      guard !range.contains(value) else { return }
      found.append(
        SpecError(
          key: key, reason: "\(value) is outside \(range.lowerBound) to \(range.upperBound)."))
    }
    func check(_ grouping: Grouping, at path: String) {
      switch grouping {
      case .cardinality(let groups, let widthPerGroup):
        check("\(path)groups", groups, Limit.groups)
        check("\(path)width_per_group", widthPerGroup, Limit.widthPerGroup)
      case .ratio(let ratio, let groupWidth):
        if !Limit.bottleneckRatio.contains(ratio) {
          found.append(
            SpecError(
              key: "\(path)bottleneck_ratio",
              reason: "\(ratio) is outside \(Limit.bottleneckRatio.lowerBound) to "
                + "\(Limit.bottleneckRatio.upperBound)."))
        }
        if let groupWidth { check("\(path)group_width", groupWidth, Limit.channels) }
      }
    }
    check("input[0]", input.channels, Limit.imageChannels)
    check("input[1]", input.height, Limit.imageSide)
    check("input[2]", input.width, Limit.imageSide)
    check("classes", classes, Limit.classes)
    if case .custom(let convolution) = stem {
      check("stem.kernel", convolution.kernel, Limit.stemKernel)
      check("stem.stride", convolution.stride, Limit.stride)
      check("stem.channels", convolution.channels, Limit.channels)
    }
    check("stages", stages.count, Limit.stages)
    for (index, stage) in stages.enumerated() {
      check("stages[\(index)].blocks", stage.blocks, Limit.blocks)
      check("stages[\(index)].channels", stage.channels, Limit.channels)
      check("stages[\(index)].stride", stage.stride, Limit.stride)
      if let own = stage.grouping { check(own, at: "stages[\(index)].") }
    }
    check("expansion", expansion, Limit.expansion)
    check(grouping, at: "")
    if !(batchNorm.eps > 0 && batchNorm.eps < 1) {
      found.append(
        SpecError(key: "batch_norm.eps", reason: "\(batchNorm.eps) is not above 0 and below 1."))
    }
    if !(batchNorm.momentum > 0 && batchNorm.momentum <= 1) {
      found.append(
        SpecError(
          key: "batch_norm.momentum",
          reason: "\(batchNorm.momentum) is not above 0 and at most 1."))
    }
    return found
  }

  // MARK: Values that do not go together

  private func combinationProblems() -> [SpecError] {
    var found: [SpecError] = []
    func add(_ key: String, _ reason: String) { found.append(SpecError(key: key, reason: reason)) }
    if case .custom(let convolution) = stem, convolution.kernel % 2 == 0, padding == .symmetric {
      let kernel = convolution.kernel
      add(
        "stem.kernel",
        "\(kernel) is even, so symmetric padding would shift the image; \(kernel - 1) or "
          + "\(kernel + 1) would do, or padding: same.")
    }
    if block != .bottleneck { found += groupingProblems() }
    for index in stages.indices {
      switch block {
      case .basic: break
      case .bottleneck:
        if let problem = widthProblem(ofStage: index) { found.append(problem) }
      case .inception:
        if let problem = inceptionProblem(ofStage: index) { found.append(problem) }
      }
    }
    if block == .inception {
      if preActivation {
        add("pre_activation", "an inception block has no such form; set it to false.")
      }
      if shortcut != .projection && shortcut != .none {
        add("shortcut", "an inception block has no shortcut; leave the key out.")
      }
    }
    if zeroInitResidual && (shortcut == .none || block == .inception) {
      add(
        "zero_init_residual",
        "without shortcuts the network would put out nothing but zeros; set it to false.")
    }
    if shortcut == .identityPad && block != .inception { found += narrowingProblems() }
    return found
  }

  /// Groups where no convolution can have them.
  private func groupingProblems() -> [SpecError] {
    func problem(_ grouping: Grouping, at path: String) -> SpecError? {
      let key: String
      switch grouping {
      case .dense: return nil
      case .cardinality(let groups, _): key = groups == 1 ? "width_per_group" : "groups"
      case .ratio: key = "bottleneck_ratio"
      }
      return SpecError(
        key: path + key,
        reason:
          "\(block.rawValue) blocks have no grouped convolution; choose block: bottleneck, or "
          + "groups 1 and width_per_group 64.")
    }
    return [problem(grouping, at: "")].compactMap { $0 }
      + stages.enumerated().compactMap { index, stage in
        stage.grouping.flatMap { problem($0, at: "stages[\(index)].") }
      }
  }

  private func widthProblem(ofStage index: Int) -> SpecError? {
    let stage = stages[index]
    let inner = innerWidth(of: stage)
    let path = stage.grouping == nil ? "" : "stages[\(index)]."
    let place = "stage \(index + 1) (channels \(stage.channels))"
    let widest = max(inner.channels, outputChannels(of: stage))
    if widest > Limit.width.upperBound {
      return SpecError(
        key: "stages[\(index)].channels",
        reason:
          "the blocks would be \(widest) channels wide; \(Limit.width.upperBound) is the most."
      )
    }
    switch stage.grouping ?? grouping {
    case .cardinality(_, let widthPerGroup):
      guard inner.channels == 0 else { return nil }
      let least = (64 + stage.channels - 1) / stage.channels
      return SpecError(
        key: "\(path)width_per_group",
        reason: "\(widthPerGroup) leaves \(place) without channels in its groups; \(least) is the "
          + "least that does.")
    case .ratio(let ratio, let groupWidth):
      guard inner.channels > 0 else {
        return SpecError(
          key: "\(path)bottleneck_ratio",
          reason: "\(ratio) leaves \(place) without inner channels; "
            + "\(1 / Double(outputChannels(of: stage))) is about the least that does.")
      }
      guard inner.channels % inner.groups != 0 || inner.channels / inner.groups != groupWidth,
        let groupWidth, groupWidth < inner.channels
      else { return nil }
      let near = Divisors.near(groupWidth, of: inner.channels)
      return SpecError(
        key: "\(path)group_width",
        reason: "groups of \(groupWidth) do not divide the \(inner.channels) inner channels of "
          + "\(place): \(Divisors.text(near)) do.")
    }
  }

  /// The branches take fixed shares of the channels.
  private func inceptionProblem(ofStage index: Int) -> SpecError? {
    let channels = stages[index].channels
    let unit = InceptionWidths.unit
    guard channels % unit != 0 else { return nil }
    let below = channels / unit * unit
    return SpecError(
      key: "stages[\(index)].channels",
      reason: "\(channels) cannot be shared among the four branches of an inception block: "
        + "\(Divisors.text([below, below + unit].filter { $0 > 0 })) can.")
  }

  /// Padding can only add channels.
  private func narrowingProblems() -> [SpecError] {
    var channels = stemChannels
    return stages.enumerated().compactMap { index, stage in
      let before = channels
      channels = outputChannels(of: stage)
      guard channels < before else { return nil }
      return SpecError(
        key: "stages[\(index)].channels",
        reason: "identity_pad cannot narrow \(before) channels to \(channels); keep at least "
          + "\(before), or choose shortcut: projection.")
    }
  }
}
