import Architecture
import Cells
import Experiments

/// What the draft costs, beside what the baseline does.
struct NetworkCosts {
  struct Row {
    var label: String
    var text: String
    var value: Double
    /// The baseline's.
    var base: Double?
  }

  let rows: [Row]
  /// The draft is the baseline: there is nothing to compare.
  let isBaseline: Bool

  /// nil where the draft is no network.
  ///
  /// - Parameter slowness: by which the machine is slower than `StepEstimate` says.
  init?(_ composer: Composer, slowness: Double) {
    guard let plan = composer.plan else { return nil }
    let batch = composer.draft.data.batch
    let base = composer.baseline?.plan
    let precision = composer.draft.precision
    isBaseline =
      base == nil || base == plan && composer.baseline?.precision == precision
    let step = StepEstimate(plan, batch: batch, precision: precision).scaled(by: slowness)
    let baseStep = composer.baseline.map {
      StepEstimate($0.plan, batch: batch, precision: $0.precision).scaled(by: slowness)
    }
    rows = [
      Row(
        label: "parameters", text: NumberText.compact(Double(plan.total.parameters)),
        value: Double(plan.total.parameters), base: base.map { Double($0.total.parameters) }),
      Row(
        label: "MACs", text: NumberText.compact(Double(plan.total.macs)),
        value: Double(plan.total.macs), base: base.map { Double($0.total.macs) }),
      Row(
        label: "activations", text: NumberText.bytes(step.activationBytes),
        value: step.activationBytes, base: baseStep?.activationBytes),
      Row(
        label: "step about", text: Self.text(seconds: step.seconds), value: step.seconds,
        base: baseStep?.seconds),
    ]
  }

  private static func text(seconds: Double) -> String {
    seconds < 1
      ? "\(NumberText.significant(seconds * 1000, digits: 2)) ms"
      : "\(NumberText.significant(seconds, digits: 2)) s"
  }
}
