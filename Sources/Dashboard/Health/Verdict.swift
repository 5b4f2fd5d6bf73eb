/// Something that is plainly wrong with a training, or soon will be.
struct Verdict: Sendable, Equatable {
  enum Kind: String, Sendable {
    case diverging, overfitting, plateau
    case explodingGradient, vanishingGradient, deadUnits
    case waitingForData, slow

    /// What it keeps a training from is worse than what it costs in time.
    var isSevere: Bool { self == .diverging || self == .explodingGradient }
  }

  var kind: Kind
  /// The step that it speaks of.
  var step: Int
  /// One line.
  var text: String
}
