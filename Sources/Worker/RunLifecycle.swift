import Experiments

/// What a run does next, as a pure state machine: steps are counted here and nowhere else.
///
/// A run validates at the end of each epoch and of the run, writes checkpoints when its options say
/// so and at its end, and ends at its last step, at `maxSteps`, or after the step during which a
/// signal arrived.
struct RunLifecycle: Equatable {
  /// What follows a step, in this order.
  enum Action: Equatable {
    /// Write the step's loss and, if `details`, the scalars that are kept every few steps at most; if
    /// `layers`, those of every layer.
    case record(details: Bool, layers: Bool)
    case validate
    /// Add the blocks that come with the end of this epoch.
    case grow
    case checkpoint
    case end(Ending)
  }

  enum Ending: Equatable {
    /// The last step, or `maxSteps`, was reached.
    case finished
    /// A signal asked for it.
    case stopped(signal: Int32)
  }

  /// Least steps between two records of the scalars that are not kept at every step.
  static let detailInterval = 10

  let stepsPerEpoch: Int
  /// Steps of the whole schedule.
  let totalSteps: Int
  /// The step to end after, at most `totalSteps`.
  let lastStep: Int
  let checkpointEpochs: Int?
  let checkpointSteps: Int?
  let log: LogOptions
  /// Epochs at whose end blocks are added.
  let growthEpochs: Set<Int>

  /// The first record of the layers' scalars, soon after the start, and warm already.
  static let firstLayerStep = 10

  /// Steps taken so far.
  private(set) var step = 0
  private(set) var ending: Ending?

  /// - Parameter step: steps that are done already.
  init(
    stepsPerEpoch: Int, epochs: Int, maxSteps: Int?, checkpointEpochs: Int?, checkpointSteps: Int?,
    log: LogOptions, growthEpochs: Set<Int> = [], step: Int = 0
  ) {
    precondition(stepsPerEpoch > 0 && epochs > 0)
    self.stepsPerEpoch = stepsPerEpoch
    totalSteps = stepsPerEpoch * epochs
    lastStep = min(totalSteps, max(1, maxSteps ?? totalSteps))
    self.checkpointEpochs = checkpointEpochs
    self.checkpointSteps = checkpointSteps
    self.log = log
    self.growthEpochs = growthEpochs
    self.step = step
  }

  /// The epoch of the next step, counted from 1; after the last step, that of the last.
  var epoch: Int { min(step, totalSteps - 1) / stepsPerEpoch + 1 }

  /// The layers' scalars of the next step are to be recorded.
  var inspectsNextStep: Bool { layersAreDue(at: step + 1) }

  private func layersAreDue(at step: Int) -> Bool {
    guard let interval = log.layersEverySteps else { return false }
    return step == Self.firstLayerStep || step.isMultiple(of: interval)
  }

  /// What the log is told of the step that was taken; nil for nothing.
  private var record: Action? {
    let details =
      step == 1 || step.isMultiple(of: max(log.everySteps, Self.detailInterval)) || ending != nil
    let layers = layersAreDue(at: step)
    guard
      details || layers || step <= LogOptions.wholeSteps || step.isMultiple(of: log.everySteps)
    else { return nil }
    return .record(details: details, layers: layers)
  }

  /// One optimizer update was made; `signal` arrived before or during it, 0 for none.
  mutating func stepped(signal: Int32) -> [Action] {
    precondition(ending == nil)
    step += 1
    let epochEnded = step.isMultiple(of: stepsPerEpoch)
    if signal != 0 {
      ending = .stopped(signal: signal)
    } else if step == lastStep {
      ending = .finished
    }
    var actions = [record].compactMap { $0 }
    // Who asked to stop does not wait for a validation.
    if signal == 0, epochEnded || ending != nil { actions.append(.validate) }
    // Before the checkpoint, so that a step's checkpoint always has the blocks that come with it.
    if epochEnded, growthEpochs.contains(step / stepsPerEpoch) { actions.append(.grow) }
    if ending != nil || isCheckpointDue(epochEnded: epochEnded) { actions.append(.checkpoint) }
    if let ending { actions.append(.end(ending)) }
    return actions
  }

  private func isCheckpointDue(epochEnded: Bool) -> Bool {
    if epochEnded, let checkpointEpochs,
      (step / stepsPerEpoch).isMultiple(of: checkpointEpochs)
    {
      return true
    }
    return checkpointSteps.map { step.isMultiple(of: $0) } ?? false
  }
}
