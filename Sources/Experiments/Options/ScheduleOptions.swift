/// How the learning rate moves over the run.
public struct ScheduleOptions: Hashable, Sendable {
  public var name: ScheduleKind
  /// Epochs of linear rise to the learning rate before the schedule proper.
  public var warmupEpochs: Int
  /// Epochs between two falls of `step`; its factor at each. Torchvision's recipes have these values.
  public var stepSize: Int
  public var gamma: Double

  public static let defaultStepSize = 30
  public static let defaultGamma = 0.1

  public init(
    name: ScheduleKind = .constant, warmupEpochs: Int = 0, stepSize: Int = Self.defaultStepSize,
    gamma: Double = Self.defaultGamma
  ) {
    self.name = name
    self.warmupEpochs = warmupEpochs
    self.stepSize = stepSize
    self.gamma = gamma
  }

  /// Takes away what the kind of schedule cannot have.
  public mutating func dropForeignOptions() {
    if name == .oneCycle { warmupEpochs = 0 }
    if name != .step { (stepSize, gamma) = (Self.defaultStepSize, Self.defaultGamma) }
  }
}

public enum ScheduleKind: String, Hashable, Sendable, CaseIterable {
  case constant
  /// A factor of `gamma` every `stepSize` epochs (PyTorch's `StepLR`).
  case step
  /// Half a cosine from the learning rate to zero (Loshchilov and Hutter 2017, one cycle).
  case cosine
  /// Up to the learning rate and down to next to nothing (Smith and Topin 2018), as PyTorch's
  /// `OneCycleLR` does it for the rate: the momentum stays.
  case oneCycle = "one_cycle"
}
