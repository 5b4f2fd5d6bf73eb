public import Architecture

/// A framework whose Python code a network can be written in.
public enum CodeFormat: String, Sendable, CaseIterable {
  case pytorch, flax, keras, gluon

  /// One Python file that defines `build()` for `plan`; run as a program it prints the number of
  /// trainable parameters and the shape of an output. The same plan gives the same bytes.
  public func source(_ plan: NetworkPlan) -> String {
    switch self {
    case .pytorch: PyTorchCode(plan).source()
    case .flax: FlaxCode(plan).source()
    case .keras: KerasCode(plan).source()
    case .gluon: GluonCode(plan).source()
    }
  }
}
