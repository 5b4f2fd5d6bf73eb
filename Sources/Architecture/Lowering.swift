/// Builds the rows of a sound spec, module by module.
struct Lowering {
  let spec: NetworkSpec
  private(set) var layers: [LayerPlan] = []
  /// Source and shape of what the next module reads.
  private var current: (source: LayerPlan.Source, shape: ImageShape)

  init(_ spec: NetworkSpec) {
    self.spec = spec
    current = (.image, spec.input)
  }

  mutating func network() {
    stem()
    for (index, stage) in spec.stages.enumerated() {
      for block in 0..<stage.blocks {
        self.block(
          name: "layer\(index + 1).\(block)", stage: stage, stride: block == 0 ? stage.stride : 1)
      }
    }
    if spec.preActivation {
      batchNorm("norm")
      relu("relu")
    }
    let pooled = ImageShape(channels: current.shape.channels, height: 1, width: 1)
    append("avgpool", .globalAveragePool, output: pooled)
    linear("fc", outputs: spec.classes)
  }

  // MARK: Parts of a network

  private mutating func stem() {
    let window: WindowPlan
    let channels: Int
    let pool: Bool
    switch spec.stem {
    case .imagenet:
      (window, channels, pool) = (WindowPlan(kernel: 7, stride: 2, padding: 3), 64, true)
    case .cifar:
      window = WindowPlan(kernel: 3, stride: 1, padding: 1)
      (channels, pool) = (spec.stages[0].channels, false)
    case .custom(let kernel, let stride, let width, let pools):
      window = WindowPlan(kernel: kernel, stride: stride, padding: kernel / 2)
      (channels, pool) = (width, pools)
    }
    convolution("conv1", channels: channels, window: window)
    if !spec.preActivation {
      batchNorm("bn1")
      relu("relu")
    }
    if pool {
      let window = WindowPlan(kernel: 3, stride: 2, padding: 1)
      append("maxpool", .maxPool(window), output: output(channels, window))
    }
  }

  /// One residual block: `output = branch(x) + shortcut(x)`, with the final ReLU where the network
  /// is post-activation.
  private mutating func block(name: String, stage: Stage, stride: Int) {
    let channels = spec.outputChannels(of: stage)
    let projects = stride != 1 || current.shape.channels != channels
    var shortcut = current
    let convolutions = branch(stage: stage, stride: stride)
    for (index, convolution) in convolutions.enumerated() {
      let number = index + 1
      let isLast = number == convolutions.count
      if spec.preActivation {
        batchNorm("\(name).bn\(number)")
        relu("\(name).relu\(number)")
        // He et al. 2016b, appendix: a projection reads the block's first activation.
        if number == 1 && projects { shortcut = current }
      }
      self.convolution(
        "\(name).conv\(number)", channels: convolution.channels, window: convolution.window,
        groups: convolution.groups,
        startsAtZero: spec.preActivation && isLast && spec.zeroInitResidual)
      if !spec.preActivation {
        batchNorm(
          "\(name).bn\(number)", weight: isLast && spec.zeroInitResidual ? 0 : 1)
        if !isLast { relu("\(name).relu\(number)") }
      }
    }
    let branchEnd = current
    if projects {
      current = shortcut
      self.convolution(
        "\(name).downsample.0", channels: channels,
        window: WindowPlan(kernel: 1, stride: stride, padding: 0))
      if spec.shortcutNorm && !spec.preActivation { batchNorm("\(name).downsample.1") }
      shortcut = current
    }
    current = branchEnd
    append(
      "\(name).add", .add, inputs: [branchEnd.source, shortcut.source], output: branchEnd.shape)
    if !spec.preActivation { relu("\(name).relu\(convolutions.count)") }
  }

  /// The convolutions of a block's residual branch.
  private func branch(
    stage: Stage, stride: Int
  ) -> [(channels: Int, window: WindowPlan, groups: Int)] {
    func window(_ kernel: Int, _ stride: Int) -> WindowPlan {
      WindowPlan(kernel: kernel, stride: stride, padding: kernel / 2)
    }
    switch spec.block {
    case .basic:
      return [
        (stage.channels, window(3, stride), 1),
        (stage.channels, window(3, 1), 1),
      ]
    case .bottleneck:
      let width = spec.bottleneckWidth(channels: stage.channels)
      let first = spec.strideAt == .conv1x1
      return [
        (width, window(1, first ? stride : 1), 1),
        (width, window(3, first ? 1 : stride), spec.groups),
        (spec.outputChannels(of: stage), window(1, 1), 1),
      ]
    }
  }

  // MARK: Modules

  private mutating func convolution(
    _ name: String, channels: Int, window: WindowPlan, groups: Int = 1, startsAtZero: Bool = false
  ) {
    let inputs = current.shape.channels
    let area = window.kernel * window.kernel
    let fanIn = inputs / groups * area
    // PyTorch counts a weight's fan_out over all output channels, whatever the groups.
    let fanOut = channels * area
    let weight: Initializer =
      switch spec.initialization {
      case _ where startsAtZero: .constant(0)
      case .kaimingNormalFanOut:
        .normal(standardDeviation: (2 / Double(fanOut)).squareRoot())
      case .xavierUniform:
        .uniform(bound: (6 / Double(fanIn + fanOut)).squareRoot())
      }
    var parameters = [
      ParameterPlan(
        name: "\(name).weight", shape: [channels, inputs / groups, window.kernel, window.kernel],
        initializer: weight)
    ]
    if spec.convBias {
      parameters.append(
        ParameterPlan(
          name: "\(name).bias", shape: [channels],
          initializer: .uniform(bound: 1 / Double(fanIn).squareRoot())))
    }
    let shape = output(channels, window)
    append(
      name,
      .convolution(
        ConvolutionPlan(
          inputChannels: inputs, outputChannels: channels, groups: groups, window: window,
          bias: spec.convBias)),
      output: shape, parameters: parameters, macs: shape.count * fanIn)
  }

  private mutating func batchNorm(_ name: String, weight: Float = 1) {
    let shape = [current.shape.channels]
    append(
      name, .batchNorm(spec.batchNorm), output: current.shape,
      parameters: [
        ParameterPlan(name: "\(name).weight", shape: shape, initializer: .constant(weight)),
        ParameterPlan(name: "\(name).bias", shape: shape, initializer: .constant(0)),
      ],
      buffers: [
        BufferPlan(name: "\(name).running_mean", shape: shape, initialValue: 0),
        BufferPlan(name: "\(name).running_var", shape: shape, initialValue: 1),
      ])
  }

  private mutating func relu(_ name: String) {
    append(name, .relu, output: current.shape)
  }

  private mutating func linear(_ name: String, outputs: Int) {
    let inputs = current.shape.count
    let bound = 1 / Double(inputs).squareRoot()
    let weight: Initializer =
      switch spec.initialization {
      case .kaimingNormalFanOut: .uniform(bound: bound)
      case .xavierUniform: .uniform(bound: (6 / Double(inputs + outputs)).squareRoot())
      }
    append(
      name, .linear, output: ImageShape(channels: outputs, height: 1, width: 1),
      parameters: [
        ParameterPlan(name: "\(name).weight", shape: [outputs, inputs], initializer: weight),
        ParameterPlan(name: "\(name).bias", shape: [outputs], initializer: .uniform(bound: bound)),
      ], macs: inputs * outputs)
  }

  private func output(_ channels: Int, _ window: WindowPlan) -> ImageShape {
    ImageShape(
      channels: channels, height: window.output(current.shape.height),
      width: window.output(current.shape.width))
  }

  private mutating func append(
    _ name: String, _ operation: LayerPlan.Operation, inputs: [LayerPlan.Source]? = nil,
    output: ImageShape, parameters: [ParameterPlan] = [], buffers: [BufferPlan] = [], macs: Int = 0
  ) {
    layers.append(
      LayerPlan(
        name: name, operation: operation, inputs: inputs ?? [current.source], output: output,
        parameters: parameters, buffers: buffers, macs: macs))
    current = (.layer(layers.count - 1), output)
  }
}
