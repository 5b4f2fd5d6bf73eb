/// How the cross-entropy is taken.
public struct LossOptions: Hashable, Sendable {
  /// Probability taken from the label and spread over all classes (Szegedy et al. 2016, §7).
  public var labelSmoothing: Double

  public init(labelSmoothing: Double = 0) { self.labelSmoothing = labelSmoothing }
}
