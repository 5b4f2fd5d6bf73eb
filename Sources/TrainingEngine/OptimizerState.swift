/// What is kept for each parameter besides its value and gradient.
public struct OptimizerState: Hashable, Sendable {
  /// Whether the optimizer is AdamW, which keeps a mean square too.
  public var hasSquares: Bool
  /// Whether there is a moving average of the parameters and statistics.
  public var hasAverage: Bool

  public init(hasSquares: Bool = false, hasAverage: Bool = false) {
    self.hasSquares = hasSquares
    self.hasAverage = hasAverage
  }

  var blocks: [Parameters.Block] {
    [.value, .gradient, .momentum] + (hasSquares ? [.square] : [])
      + (hasAverage ? [.average] : [])
  }
}
