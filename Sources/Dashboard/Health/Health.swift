import Architecture
import Cells
import EventLog
import Experiments

/// What a run's log says about how it fares: plain rules on its scalars, each with its number.
struct Health {
  private let entry: RunEntry
  private var history: RunHistory { entry.history }

  init(_ entry: RunEntry) { self.entry = entry }

  /// The worst first; empty for a run of which nothing bad is known.
  var verdicts: [Verdict] {
    let found =
      [diverging, overfitting, plateau, deadUnits, waitingForData, slow].compactMap { $0 }
      + gradients
    return found.filter(\.kind.isSevere) + found.filter { !$0.kind.isSevere }
  }

  // MARK: Loss

  /// The loss has become no number, or has risen far above what it was.
  private var diverging: Verdict? {
    guard let series = history.series("loss/train"), let latest = series.latest else { return nil }
    guard latest.value.isFinite else {
      return Verdict(
        kind: .diverging, step: latest.step,
        text: "the loss is \(NumberText.significant(latest.value)): lower the learning rate")
    }
    let recent = series.buckets.suffix(Self.few)
    guard series.buckets.count >= 4 * Self.few, let minimum = series.minimum else { return nil }
    let mean = recent.reduce(0) { $0 + $1.mean } / Double(recent.count)
    let first = series.buckets.prefix(Self.few)
    let start = first.reduce(0) { $0 + $1.mean } / Double(first.count)
    // Noise rises too; what counts is above the start and far above the best.
    guard mean > 1.2 * start, mean > 3 * minimum.value else { return nil }
    return Verdict(
      kind: .diverging, step: latest.step,
      text: "diverging: the loss is \(NumberText.significant(mean, digits: 3)), it was "
        + "\(NumberText.significant(minimum.value, digits: 3)) at step "
        + NumberText.grouped(minimum.step))
  }

  /// The validation's loss rises while that of the training falls.
  private var overfitting: Verdict? {
    guard let series = history.series("loss/val"), let best = series.minimum,
      let train = history.series("loss/train")
    else { return nil }
    let later = series.buckets.filter { $0.firstStep > best.step }
    guard later.count >= Self.fewEpochs,
      later.allSatisfy({ $0.last > best.value * 1.02 }),
      let then = train.lastBucket(where: { $0.firstStep <= best.step })?.mean,
      let now = train.buckets.last?.mean, now < then
    else { return nil }
    return Verdict(
      kind: .overfitting, step: best.step,
      text: "overfitting since \(epochOrStep(best.step)): the validation loss was "
        + "\(NumberText.significant(best.value, digits: 3)) there, now "
        + NumberText.significant(series.latest?.value ?? .nan, digits: 3))
  }

  /// The accuracy has not become better for long.
  private var plateau: Verdict? {
    guard entry.isActive, let series = history.series("accuracy/val"), let best = series.maximum,
      overfitting == nil
    else { return nil }
    let later = series.buckets.count { $0.firstStep > best.step }
    guard later >= Self.patientEpochs else { return nil }
    return Verdict(
      kind: .plateau, step: best.step,
      text: "plateau: no better than \(NumberText.percent(best.value, decimals: 2)) since "
        + epochOrStep(best.step))
  }

  private static let few = 10
  private static let fewEpochs = 3
  private static let patientEpochs = 5

  // MARK: Layers

  /// Layers whose gradients are out of proportion to all others, the worst of each kind.
  private var gradients: [Verdict] {
    guard let plan = entry.plan else { return [] }
    let norms: [(name: String, sample: Series.Sample)] = plan.layers.compactMap { layer in
      history.series(LayerScalar.gradientNorm.tag(of: layer.name))?.latest.map { (layer.name, $0) }
    }
    let sorted = norms.map(\.sample.value).filter(\.isFinite).sorted()
    guard sorted.count >= 4 else { return [] }
    let median = sorted[sorted.count / 2]
    var found: [Verdict] = []
    if let (name, sample) = norms.max(by: { $0.sample.value < $1.sample.value }),
      sample.value > Self.explosion * max(median, 1e-3)
    {
      found.append(
        Verdict(
          kind: .explodingGradient, step: sample.step,
          text: "exploding gradient at \(name): \(NumberText.significant(sample.value, digits: 2)),"
            + " half of the layers are below \(NumberText.significant(median, digits: 2))"))
    }
    if let (name, sample) = norms.min(by: { $0.sample.value < $1.sample.value }),
      sample.value < Self.vanishing * median
    {
      found.append(
        Verdict(
          kind: .vanishingGradient, step: sample.step,
          text: "vanishing gradient at \(name): \(NumberText.significant(sample.value, digits: 2)),"
            + " half of the layers are above \(NumberText.significant(median, digits: 2))"))
    }
    return found
  }

  private static let explosion = 1000.0
  private static let vanishing = 1e-4

  private var deadUnits: Verdict? {
    guard let plan = entry.plan else { return nil }
    let fractions: [(name: String, sample: Series.Sample)] = plan.layers.compactMap { layer in
      history.series(LayerScalar.deadFraction.tag(of: layer.name))?.latest.map { (layer.name, $0) }
    }
    guard let (name, sample) = fractions.max(by: { $0.sample.value < $1.sample.value }),
      sample.value >= Self.manyDead
    else { return nil }
    return Verdict(
      kind: .deadUnits, step: sample.step,
      text: "dead units: \(NumberText.percent(sample.value, decimals: 0)) of \(name) are zero for "
        + "a whole batch")
  }

  private static let manyDead = 0.5

  // MARK: Speed

  private var waitingForData: Verdict? {
    guard entry.isActive, let sample = history.series("throughput/data_wait")?.latest,
      sample.value >= Self.longWait
    else { return nil }
    return Verdict(
      kind: .waitingForData, step: sample.step,
      text: "the loader is the bottleneck: \(NumberText.percent(sample.value, decimals: 0)) of the "
        + "time is spent waiting for images")
  }

  private static let longWait = 0.2

  private var slow: Verdict? {
    guard entry.isActive, let slowness = entry.slowness, slowness >= Self.muchSlower,
      let step = history.series("throughput/images_per_second")?.latest?.step
    else { return nil }
    return Verdict(
      kind: .slow, step: step,
      text: "\(NumberText.significant(slowness, digits: 2)) times slower than the cost model says; "
        + "does something else use the processor?")
  }

  private static let muchSlower = 4.0

  private func epochOrStep(_ step: Int) -> String {
    guard let info = entry.info, info.stepsPerEpoch > 0 else {
      return "step \(NumberText.grouped(step))"
    }
    return "epoch \(max(1, (step + info.stepsPerEpoch - 1) / info.stepsPerEpoch))"
  }
}
