/// A residual network as its user describes it: stem, block kind, stages, widths, options.
///
/// Pure data. `NetworkPlan(_:)` lowers it to layers, and is the only place that gives the values a
/// meaning; the raw values of the enumerations are the spellings of the YAML keys.
public struct NetworkSpec: Hashable, Sendable {
  /// The preset or file the network goes by; a label without further meaning.
  public var name: String
  /// C×H×W of one image.
  public var input: ImageShape
  /// Width of the final linear layer.
  public var classes: Int
  public var stem: Stem
  public var block: BlockKind
  /// From the highest resolution to the lowest; `layer1`, `layer2`, … in torchvision's names.
  public var stages: [Stage]
  /// Bottleneck blocks put out `channels × expansion` channels (4 in He et al. 2016a, §4.1).
  public var expansion: Int
  /// Cardinality of the 3×3 convolutions of bottleneck blocks (Xie et al. 2017).
  public var groups: Int
  /// Inner width of a bottleneck is `int(channels × widthPerGroup / 64) × groups` (torchvision).
  public var widthPerGroup: Int
  /// BN–ReLU–convolution instead of convolution–BN–ReLU (He et al. 2016b, figure 4e).
  public var preActivation: Bool
  /// Which convolution of a bottleneck block carries its stride.
  public var strideAt: StridePlacement
  /// Each block starts as its shortcut alone (Goyal et al. 2017, §5.1).
  public var zeroInitResidual: Bool
  /// Whether convolutions have a bias.
  public var convBias: Bool
  /// Whether a projection shortcut is followed by batch norm; the chapter's residual block has none.
  public var shortcutNorm: Bool
  public var initialization: WeightInitialization
  public var batchNorm: BatchNormOptions

  public init(
    name: String, input: ImageShape, classes: Int, stem: Stem = .imagenet, block: BlockKind,
    stages: [Stage], expansion: Int = 4, groups: Int = 1, widthPerGroup: Int = 64,
    preActivation: Bool = false, strideAt: StridePlacement = .conv3x3,
    zeroInitResidual: Bool = false, convBias: Bool = false, shortcutNorm: Bool = true,
    initialization: WeightInitialization = .kaimingNormalFanOut,
    batchNorm: BatchNormOptions = BatchNormOptions()
  ) {
    self.name = name
    self.input = input
    self.classes = classes
    self.stem = stem
    self.block = block
    self.stages = stages
    self.expansion = expansion
    self.groups = groups
    self.widthPerGroup = widthPerGroup
    self.preActivation = preActivation
    self.strideAt = strideAt
    self.zeroInitResidual = zeroInitResidual
    self.convBias = convBias
    self.shortcutNorm = shortcutNorm
    self.initialization = initialization
    self.batchNorm = batchNorm
  }
}

/// Channels, height and width of one image or feature map.
public struct ImageShape: Hashable, Sendable, CustomStringConvertible {
  public var channels: Int
  public var height: Int
  public var width: Int

  public init(channels: Int, height: Int, width: Int) {
    self.channels = channels
    self.height = height
    self.width = width
  }

  /// Reads `CxHxW`, such as `3x224x224`; nil for anything else.
  public init?(parsing text: String) {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 3, let c = parts[0], let h = parts[1], let w = parts[2] else { return nil }
    self.init(channels: c, height: h, width: w)
  }

  /// C×H×W.
  public var dimensions: [Int] { [channels, height, width] }
  public var count: Int { channels * height * width }
  public var description: String { "\(channels)×\(height)×\(width)" }
}

/// A run of blocks at one resolution.
public struct Stage: Hashable, Sendable {
  public var blocks: Int
  /// Base width: the output channels of basic blocks, those of bottleneck blocks ÷ expansion.
  public var channels: Int
  /// Stride of the stage's first block.
  public var stride: Int

  public init(blocks: Int, channels: Int, stride: Int) {
    self.blocks = blocks
    self.channels = channels
    self.stride = stride
  }

  /// The stride of a stage that states none: the first keeps the stem's resolution.
  public static func defaultStride(at index: Int) -> Int { index == 0 ? 1 : 2 }
}

/// What stands before the first stage.
public enum Stem: Hashable, Sendable {
  /// 7×7 stride 2 with 64 channels, then 3×3 stride 2 max pooling.
  case imagenet
  /// 3×3 stride 1 with the first stage's channels.
  case cifar
  /// One convolution, and 3×3 stride 2 max pooling if `pool`.
  case custom(kernel: Int, stride: Int, channels: Int, pool: Bool)
}

public enum BlockKind: String, Hashable, Sendable, CaseIterable {
  /// Two 3×3 convolutions.
  case basic
  /// 1×1, 3×3 and 1×1 convolutions.
  case bottleneck
}

public enum StridePlacement: String, Hashable, Sendable, CaseIterable {
  /// torchvision's "v1.5".
  case conv3x3 = "3x3"
  /// He et al. 2016a.
  case conv1x1 = "1x1"
}

/// How convolution and linear weights start; biases start as PyTorch's do, U(±1/√fan_in).
public enum WeightInitialization: String, Hashable, Sendable, CaseIterable {
  /// Convolutions N(0, 2/fan_out) (He et al. 2015, equation 14); linear layers U(±1/√fan_in).
  case kaimingNormalFanOut = "kaiming_normal_fan_out"
  /// U(±√(6/(fan_in + fan_out))) (Glorot and Bengio 2010, equation 16).
  case xavierUniform = "xavier_uniform"
}

public struct BatchNormOptions: Hashable, Sendable {
  /// Added to the variance.
  public var eps: Double
  /// Weight of the batch in the running statistics (PyTorch's convention).
  public var momentum: Double

  public init(eps: Double = 1e-5, momentum: Double = 0.1) {
    self.eps = eps
    self.momentum = momentum
  }
}
