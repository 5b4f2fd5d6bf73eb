/// One row of the lowered network: a module under torchvision's name, where its input comes from,
/// what it puts out, and what it costs.
public struct LayerPlan: Hashable, Sendable {
  /// Where a layer's input comes from.
  public enum Source: Hashable, Sendable {
    /// The batch of images.
    case image
    /// The output of the row with this index, always an earlier one.
    case layer(Int)
  }

  /// What the layer computes.
  public enum Operation: Hashable, Sendable {
    case convolution(ConvolutionPlan)
    case batchNorm(BatchNormOptions)
    case relu
    /// Sum of two inputs of one shape.
    case add
    /// The inputs' channels, one after the other.
    case concatenation
    /// Every `stride`-th pixel, with `before` channels of zeros in front and the rest behind: the
    /// shortcut of option A.
    case identityPad(stride: Int, before: Int)
    case maxPool(WindowPlan)
    /// Mean over height and width.
    case globalAveragePool
    /// On the flattened input; always with a bias.
    case linear
  }

  /// torchvision's module name, such as `layer1.0.conv1`.
  public var name: String
  public var operation: Operation
  /// One source; two for `add`, two or more for `concatenation`.
  public var inputs: [Source]
  /// C×H×W of one image's output; the linear layer's is `classes`×1×1.
  public var output: ImageShape
  /// Trainable tensors.
  public var parameters: [ParameterPlan]
  /// Tensors that training updates without a gradient: running statistics.
  public var buffers: [BufferPlan]
  /// Multiply-accumulates for one image; convolutions and linear layers without biases.
  public var macs: Int
  /// The part of the image that one output element sees.
  public var receptiveField: ReceptiveField

  /// The kind's name in tables and JSON.
  public var kind: String {
    switch operation {
    case .convolution: "conv2d"
    case .batchNorm: "batch_norm"
    case .relu: "relu"
    case .add: "add"
    case .concatenation: "concat"
    case .identityPad: "identity_pad"
    case .maxPool: "max_pool"
    case .globalAveragePool: "avg_pool"
    case .linear: "linear"
    }
  }

  /// Output dimensions as tables show them: C×H×W, or the number of classes alone.
  public var outputDimensions: [Int] {
    operation == .linear ? [output.channels] : output.dimensions
  }

  /// Kernel, stride and padding, for the kinds that have them.
  public var window: WindowPlan? {
    switch operation {
    case .convolution(let convolution): convolution.window
    case .maxPool(let window): window
    case .batchNorm, .relu, .add, .concatenation, .identityPad, .globalAveragePool, .linear: nil
    }
  }

  /// Groups of a convolution; nil for other kinds.
  public var groups: Int? {
    if case .convolution(let convolution) = operation { convolution.groups } else { nil }
  }

  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }

  /// Elements that the layer's output adds to `total.activations` for one image.
  public var activations: Int {
    switch operation {
    case .convolution, .linear: output.count
    case .batchNorm, .relu, .add, .concatenation, .identityPad, .maxPool, .globalAveragePool: 0
    }
  }
}

public struct ConvolutionPlan: Hashable, Sendable {
  public var inputChannels: Int
  public var outputChannels: Int
  public var groups: Int
  public var window: WindowPlan
  public var bias: Bool
}
