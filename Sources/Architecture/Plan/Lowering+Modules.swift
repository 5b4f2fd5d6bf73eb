/// The modules that blocks, stem and head are made of; each reads `current` and becomes it.
extension Lowering {
  mutating func convolution(
    _ name: String, channels: Int, kernel: Int, stride: Int = 1, groups: Int = 1,
    startsAtZero: Bool = false
  ) {
    let input = current.shape
    let window = WindowPlan(kernel: kernel, stride: stride, rule: spec.padding, input: input)
    let fanIn = input.channels / groups * kernel * kernel
    // PyTorch counts a weight's fan_out over all output channels, whatever the groups.
    let fanOut = channels * kernel * kernel
    var parameters = [
      ParameterPlan(
        module: name, role: "weight", shape: [channels, input.channels / groups, kernel, kernel],
        initializer: startsAtZero
          ? .constant(0) : spec.initialization.convolution(fanIn: fanIn, fanOut: fanOut))
    ]
    if spec.convBias {
      parameters.append(
        ParameterPlan(
          module: name, role: "bias", shape: [channels],
          initializer: startsAtZero && startsAsIdentity
            ? .constant(0) : .uniform(bound: 1 / Double(fanIn).squareRoot())))
    }
    let output = window.output(input, channels: channels)
    append(
      name,
      .convolution(
        ConvolutionPlan(
          inputChannels: input.channels, outputChannels: channels, groups: groups, window: window,
          bias: spec.convBias)),
      inputs: [current], output: output, parameters: parameters, macs: output.count * fanIn
    ) { $0.through(kernel: kernel, stride: stride) }
  }

  mutating func batchNorm(_ name: String, weight: Float = 1) {
    let shape = [current.shape.channels]
    append(
      name, .batchNorm(spec.batchNorm), inputs: [current], output: current.shape,
      parameters: [
        ParameterPlan(module: name, role: "weight", shape: shape, initializer: .constant(weight)),
        ParameterPlan(module: name, role: "bias", shape: shape, initializer: .constant(0)),
      ],
      buffers: [
        BufferPlan(module: name, role: "running_mean", shape: shape, initialValue: 0),
        BufferPlan(module: name, role: "running_var", shape: shape, initialValue: 1),
      ])
  }

  mutating func relu(_ name: String) {
    append(name, .relu, inputs: [current], output: current.shape)
  }

  /// 3×3, as all pools of these networks.
  mutating func maxPool(_ name: String, stride: Int) {
    let window = WindowPlan(kernel: 3, stride: stride, rule: spec.padding, input: current.shape)
    append(
      name, .maxPool(window), inputs: [current],
      output: window.output(current.shape, channels: current.shape.channels)
    ) { $0.through(kernel: 3, stride: stride) }
  }

  mutating func globalAveragePool(_ name: String) {
    let input = current.shape
    append(
      name, .globalAveragePool, inputs: [current],
      output: ImageShape(channels: input.channels, height: 1, width: 1)
    ) { $0.through(kernel: max(input.height, input.width), stride: 1) }
  }

  mutating func linear(_ name: String, outputs: Int) {
    let inputs = current.shape.count
    append(
      name, .linear, inputs: [current], output: ImageShape(channels: outputs, height: 1, width: 1),
      parameters: [
        ParameterPlan(
          module: name, role: "weight", shape: [outputs, inputs],
          initializer: spec.initialization.linear(fanIn: inputs, fanOut: outputs)),
        ParameterPlan(
          module: name, role: "bias", shape: [outputs],
          initializer: .uniform(bound: 1 / Double(inputs).squareRoot())),
      ], macs: inputs * outputs)
  }
}

extension WeightInitialization {
  fileprivate func convolution(fanIn: Int, fanOut: Int) -> Initializer {
    switch self {
    case .kaimingNormalFanOut: .normal(standardDeviation: (2 / Double(fanOut)).squareRoot())
    case .kaimingNormalFanIn: .normal(standardDeviation: (2 / Double(fanIn)).squareRoot())
    case .xavierUniform, .xavierNormal, .lecunNormal: linear(fanIn: fanIn, fanOut: fanOut)
    }
  }

  fileprivate func linear(fanIn: Int, fanOut: Int) -> Initializer {
    switch self {
    case .kaimingNormalFanOut, .kaimingNormalFanIn: .uniform(bound: 1 / Double(fanIn).squareRoot())
    case .xavierUniform: .uniform(bound: (6 / Double(fanIn + fanOut)).squareRoot())
    case .xavierNormal: .normal(standardDeviation: (2 / Double(fanIn + fanOut)).squareRoot())
    case .lecunNormal: .normal(standardDeviation: (1 / Double(fanIn)).squareRoot())
    }
  }
}
