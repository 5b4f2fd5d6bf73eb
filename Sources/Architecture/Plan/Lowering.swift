/// Builds the rows of a sound spec, module by module.
struct Lowering {
  let spec: NetworkSpec
  private(set) var layers: [LayerPlan] = []
  /// What the next module reads.
  var current: Activation
  /// A weight that starts at zero has a bias that does, too.
  let startsAsIdentity: Bool

  /// A feature map: where it comes from, its shape and what it sees.
  struct Activation {
    var source: LayerPlan.Source
    var shape: ImageShape
    var field: ReceptiveField
  }

  /// - Parameter startsAsIdentity: every block that can begins as the identity.
  init(_ spec: NetworkSpec, startsAsIdentity: Bool = false) {
    self.spec = spec
    self.startsAsIdentity = startsAsIdentity
    current = Activation(source: .image, shape: spec.input, field: .image)
  }

  mutating func network() {
    stem()
    for (index, stage) in spec.stages.enumerated() {
      for block in 0..<stage.blocks {
        let name = "layer\(index + 1).\(block)"
        let stride = block == 0 ? stage.stride : 1
        switch spec.block {
        case .basic, .bottleneck: residualBlock(name, stage: stage, stride: stride)
        case .inception: inceptionBlock(name, channels: stage.channels, stride: stride)
        }
      }
    }
    if spec.preActivation {
      batchNorm("norm")
      relu("relu")
    }
    guard spec.head == .linear else { return }
    globalAveragePool("avgpool")
    linear("fc", outputs: spec.classes)
  }

  private mutating func stem() {
    guard let stem = spec.stemConvolution else { return }
    convolution("conv1", channels: stem.channels, kernel: stem.kernel, stride: stem.stride)
    if !spec.preActivation {
      batchNorm("bn1")
      relu("relu")
    }
    if stem.pool { maxPool("maxpool", stride: 2) }
  }

  mutating func append(
    _ name: String, _ operation: LayerPlan.Operation, inputs: [Activation], output: ImageShape,
    parameters: [ParameterPlan] = [], buffers: [BufferPlan] = [], macs: Int = 0,
    field: (ReceptiveField) -> ReceptiveField = { $0 }
  ) {
    let seen = inputs.dropFirst().reduce(inputs[0].field) { $0.joined(with: $1.field) }
    layers.append(
      LayerPlan(
        name: name, operation: operation, inputs: inputs.map(\.source), output: output,
        parameters: parameters, buffers: buffers, macs: macs, receptiveField: field(seen)))
    current = Activation(
      source: .layer(layers.count - 1), shape: output,
      field: layers[layers.count - 1].receptiveField
    )
  }
}
