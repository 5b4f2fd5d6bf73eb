/// How convolutions are computed.
public enum ConvolutionAlgorithm: String, CaseIterable, Sendable {
  /// Winograd's minimal filtering where it pays, else direct.
  case auto
  /// Every product of the definition, as PyTorch computes it.
  case direct
}
