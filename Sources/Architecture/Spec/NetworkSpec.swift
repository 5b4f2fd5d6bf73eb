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
  /// Groups and inner width of bottleneck blocks.
  public var grouping: Grouping
  /// BN–ReLU–convolution instead of convolution–BN–ReLU (He et al. 2016b, figure 4e).
  public var preActivation: Bool
  public var shortcut: ShortcutKind
  public var strideAt: StridePlacement
  /// Each block starts as its shortcut alone (Goyal et al. 2017, §5.1), but for the bias of a last
  /// convolution that no norm follows.
  public var zeroInitResidual: Bool
  /// Whether convolutions have a bias.
  public var convBias: Bool
  /// Whether a projection shortcut is followed by batch norm; the chapter's residual block has none.
  public var shortcutNorm: Bool
  public var padding: PaddingRule
  public var head: Head
  public var initialization: WeightInitialization
  public var batchNorm: BatchNormOptions

  public init(
    name: String, input: ImageShape, classes: Int, stem: Stem = .imagenet, block: BlockKind,
    stages: [Stage], expansion: Int = 4, grouping: Grouping = .dense, preActivation: Bool = false,
    shortcut: ShortcutKind = .projection, strideAt: StridePlacement = .conv3x3,
    zeroInitResidual: Bool = false, convBias: Bool = false, shortcutNorm: Bool = true,
    padding: PaddingRule = .symmetric, head: Head = .linear,
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
    self.grouping = grouping
    self.preActivation = preActivation
    self.shortcut = shortcut
    self.strideAt = strideAt
    self.zeroInitResidual = zeroInitResidual
    self.convBias = convBias
    self.shortcutNorm = shortcutNorm
    self.padding = padding
    self.head = head
    self.initialization = initialization
    self.batchNorm = batchNorm
  }
}

extension NetworkSpec {
  /// Channels that the first block reads.
  public var stemChannels: Int {
    stemConvolution?.channels ?? input.channels
  }

  /// What the stem is made of; nil for none.
  public var stemConvolution: StemConvolution? {
    switch stem {
    case .imagenet: StemConvolution(kernel: 7, stride: 2, channels: 64, pool: true)
    case .cifar:
      StemConvolution(kernel: 3, stride: 1, channels: stages.first?.channels ?? 0, pool: false)
    case .custom(let convolution): convolution
    case .none: nil
    }
  }

  /// How many stages a network can have.
  public static var stageCounts: ClosedRange<Int> { Limit.stages }

  /// Output channels of the blocks of `stage`.
  public func outputChannels(of stage: Stage) -> Int {
    block == .bottleneck ? stage.channels * expansion : stage.channels
  }

  /// Inner width and groups of the bottleneck blocks of `stage`.
  public func innerWidth(of stage: Stage) -> Grouping.Width {
    (stage.grouping ?? grouping).width(channels: stage.channels, expansion: expansion)
  }

  /// The same network for another one's input and classes.
  public func forImages(of other: NetworkSpec) -> NetworkSpec {
    var spec = self
    (spec.input, spec.classes) = (other.input, other.classes)
    return spec
  }
}
