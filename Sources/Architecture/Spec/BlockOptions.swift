/// What a stage repeats.
public enum BlockKind: String, Hashable, Sendable, CaseIterable {
  /// Two 3×3 convolutions (He et al. 2016a, figure 5 left).
  case basic
  /// 1×1, 3×3 and 1×1 convolutions (He et al. 2016a, figure 5 right); with groups, ResNeXt's block
  /// (Xie et al. 2017, figure 3c).
  case bottleneck
  /// Four parallel branches: 1×1 | 1×1–3×3 | 1×1–5×5 | 3×3 max pool–1×1, concatenated (Szegedy et
  /// al. 2015, figure 2b), each convolution with a norm and a ReLU.
  case inception
}

/// How a residual block's input reaches its sum; the names are He et al.'s (2016a, §4.1).
public enum ShortcutKind: String, Hashable, Sendable, CaseIterable {
  /// Option B: a 1×1 convolution where the shape changes, else the identity.
  case projection
  /// Option A: where the shape changes every stride-th pixel, with zeros for the new channels.
  case identityPad = "identity_pad"
  /// Option C: a 1×1 convolution in every block.
  case projectionAll = "projection_all"
  /// No shortcut: the plain network that He et al. compare with.
  case none
}

/// Which convolution of a bottleneck block carries its stride.
public enum StridePlacement: String, Hashable, Sendable, CaseIterable {
  /// torchvision's "v1.5".
  case conv3x3 = "3x3"
  /// He et al. 2016a.
  case conv1x1 = "1x1"
}

/// Where the zeros around a feature map stand.
public enum PaddingRule: String, Hashable, Sendable, CaseIterable {
  /// PyTorch's: half of the kernel at every side, whatever the stride.
  case symmetric
  /// TensorFlow's and JAX's: as little as gives ⌈length / stride⌉ outputs, an odd zero at the end.
  case same
}

/// How convolution and linear weights start; biases start as PyTorch's do, U(±1/√fan_in).
public enum WeightInitialization: String, Hashable, Sendable, CaseIterable {
  /// Convolutions N(0, 2/fan_out) (He et al. 2015, equation 14); linear layers U(±1/√fan_in).
  case kaimingNormalFanOut = "kaiming_normal_fan_out"
  /// Convolutions N(0, 2/fan_in) (He et al. 2015, equation 10); linear layers U(±1/√fan_in).
  case kaimingNormalFanIn = "kaiming_normal_fan_in"
  /// U(±√(6/(fan_in + fan_out))) (Glorot and Bengio 2010, equation 16).
  case xavierUniform = "xavier_uniform"
  /// N(0, 2/(fan_in + fan_out)) (Glorot and Bengio 2010, equation 12).
  case xavierNormal = "xavier_normal"
  /// N(0, 1/fan_in) (LeCun et al. 1998, equation 16).
  case lecunNormal = "lecun_normal"
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
