extension Lowering {
  /// One residual block: `output = branch(x) + shortcut(x)`, with the final ReLU where the network
  /// is post-activation; without a shortcut, the branch alone.
  mutating func residualBlock(_ name: String, stage: Stage, stride: Int) {
    let channels = spec.outputChannels(of: stage)
    let changesShape = stride != 1 || current.shape.channels != channels
    var shortcut = current
    let convolutions = branch(stage: stage, stride: stride)
    for (index, convolution) in convolutions.enumerated() {
      let number = index + 1
      let isLast = number == convolutions.count
      if spec.preActivation {
        batchNorm("\(name).bn\(number)")
        relu("\(name).relu\(number)")
        // He et al. 2016b, appendix: a shortcut that is no identity reads the first activation.
        if number == 1 && (changesShape || spec.shortcut == .projectionAll) { shortcut = current }
      }
      self.convolution(
        "\(name).conv\(number)", channels: convolution.channels, kernel: convolution.kernel,
        stride: convolution.stride, groups: convolution.groups,
        startsAtZero: spec.preActivation && isLast && spec.zeroInitResidual)
      if !spec.preActivation {
        batchNorm("\(name).bn\(number)", weight: isLast && spec.zeroInitResidual ? 0 : 1)
        if !isLast { relu("\(name).relu\(number)") }
      }
    }
    if spec.shortcut != .none {
      let branchEnd = current
      current = shortcut
      self.shortcut(name, channels: channels, stride: stride, changesShape: changesShape)
      append("\(name).add", .add, inputs: [branchEnd, current], output: branchEnd.shape)
    }
    if !spec.preActivation { relu("\(name).relu\(convolutions.count)") }
  }

  /// What stands between a block's input and its sum.
  private mutating func shortcut(
    _ name: String, channels: Int, stride: Int, changesShape: Bool
  ) {
    switch spec.shortcut {
    case .identityPad:
      guard changesShape else { return }
      let input = current.shape
      let output = ImageShape(
        channels: channels, height: (input.height - 1) / stride + 1,
        width: (input.width - 1) / stride + 1)
      append(
        "\(name).downsample",
        .identityPad(stride: stride, before: (channels - input.channels) / 2), inputs: [current],
        output: output
      ) { $0.through(kernel: 1, stride: stride) }
    case .projection, .projectionAll:
      guard changesShape || spec.shortcut == .projectionAll else { return }
      convolution("\(name).downsample.0", channels: channels, kernel: 1, stride: stride)
      if spec.shortcutNorm && !spec.preActivation { batchNorm("\(name).downsample.1") }
    case .none: break
    }
  }

  /// A convolution of a residual branch.
  private struct BranchConvolution {
    var channels: Int
    var kernel: Int
    var stride = 1
    var groups = 1
  }

  private func branch(stage: Stage, stride: Int) -> [BranchConvolution] {
    switch spec.block {
    case .bottleneck:
      let inner = spec.innerWidth(of: stage)
      let isFirst = spec.strideAt == .conv1x1
      return [
        BranchConvolution(channels: inner.channels, kernel: 1, stride: isFirst ? stride : 1),
        BranchConvolution(
          channels: inner.channels, kernel: 3, stride: isFirst ? 1 : stride, groups: inner.groups),
        BranchConvolution(channels: spec.outputChannels(of: stage), kernel: 1),
      ]
    case .basic, .inception:
      return [
        BranchConvolution(channels: stage.channels, kernel: 3, stride: stride),
        BranchConvolution(channels: stage.channels, kernel: 3),
      ]
    }
  }

  /// Four branches over one input, under the names of torchvision's GoogLeNet. As there, a max pool
  /// before the block, not the block, takes a stride.
  mutating func inceptionBlock(_ name: String, channels: Int, stride: Int) {
    let widths = InceptionWidths(channels: channels)
    if stride > 1 { maxPool("\(name).maxpool", stride: stride) }
    let input = current
    func unit(_ lowering: inout Lowering, _ name: String, _ channels: Int, _ kernel: Int) {
      lowering.convolution("\(name).conv", channels: channels, kernel: kernel)
      lowering.batchNorm("\(name).bn")
      lowering.relu("\(name).relu")
    }
    unit(&self, "\(name).branch1", widths.single, 1)
    var ends = [current]
    for (branch, kernel, reduced, output) in [
      (2, 3, widths.reduced3, widths.output3), (3, 5, widths.reduced5, widths.output5),
    ] {
      current = input
      unit(&self, "\(name).branch\(branch).0", reduced, 1)
      unit(&self, "\(name).branch\(branch).1", output, kernel)
      ends.append(current)
    }
    current = input
    maxPool("\(name).branch4.0", stride: 1)
    unit(&self, "\(name).branch4.1", widths.pooled, 1)
    ends.append(current)
    append(
      "\(name).concat", .concatenation, inputs: ends,
      output: ImageShape(
        channels: channels, height: current.shape.height, width: current.shape.width))
  }
}
