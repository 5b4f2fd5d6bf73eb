/// What one call of a pass does: for which row, which operation, with which code.
public struct StepCall: Hashable, Sendable {
  /// The part of a row's work that an operation is.
  public enum Pass: String, Sendable {
    case forward
    case backwardData = "backward data"
    case backwardWeights = "backward weights"
    /// Gradients of data and parameters in one call.
    case backward
  }

  public enum Operation: Hashable, Sendable, CustomStringConvertible {
    case convolution(Pass)
    case linear(Pass)
    case batchNorm(Pass)
    case pooling(Pass)
    /// A copy in another layout.
    case reorder
    /// Element by element: a sum, a ReLU, its mask.
    case elementwise
    case identityPad(Pass)
    /// Means and variances, and what follows from them: a float a channel.
    case statistics
    case loss

    /// nil for what is no part of a row's own computation.
    public var pass: Pass? {
      switch self {
      case .convolution(let pass), .linear(let pass), .batchNorm(let pass), .pooling(let pass),
        .identityPad(let pass):
        pass
      case .reorder, .elementwise, .statistics, .loss: nil
      }
    }

    public var description: String {
      switch self {
      case .convolution(let pass): "convolution (\(pass.rawValue))"
      case .linear(let pass): "linear (\(pass.rawValue))"
      case .batchNorm(let pass): "batch norm (\(pass.rawValue))"
      case .pooling(let pass): "pooling (\(pass.rawValue))"
      case .reorder: "reorder"
      case .elementwise: "elementwise"
      case .identityPad(let pass): "identity pad (\(pass.rawValue))"
      case .statistics: "statistics"
      case .loss: "loss"
      }
    }
  }

  /// Index of the row of the layer plan.
  public let layer: Int
  public let operation: Operation
  /// The name of the code, such as `jit:avx2`; oneDNN's own names where it is oneDNN's.
  public let implementation: String
}

/// How long the calls of training steps took, for tables and reports.
public struct StepTiming: Sendable {
  /// In order of execution.
  public let calls: [StepCall]
  /// Of each call, summed over all steps that were timed.
  public internal(set) var seconds: [Double]
  /// How many steps were timed.
  public internal(set) var steps = 0

  init(calls: [StepCall]) {
    self.calls = calls
    seconds = Array(repeating: 0, count: calls.count)
  }
}
