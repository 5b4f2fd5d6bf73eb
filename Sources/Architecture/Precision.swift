/// What a network's activations, their gradients, and the operands of its convolutions are kept and
/// multiplied as. Parameters and their gradients, statistics and the loss are float32 in both.
public enum Precision: String, CaseIterable, Sendable, Hashable {
  case fp32
  /// bfloat16: float32's range with 8 bits of precision.
  case bf16

  /// Of one number of an activation.
  public var byteCount: Int { self == .bf16 ? 2 : 4 }
}
