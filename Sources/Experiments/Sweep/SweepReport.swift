public import Architecture
public import EventLog

/// How the runs of a sweep came out: each with what it cost, the best first, and what they say together.
///
/// Accuracies and losses are those of the final weights, not of the best epoch.
public struct SweepReport: Sendable, Hashable {
  public struct Row: Sendable, Hashable {
    public var id: String
    /// As the sweep's run has it.
    public var group: String
    public var settings: [Sweep.Setting]
    /// Whether it came to its end.
    public var isFinished: Bool
    public var parameters: Int
    public var macs: Int
    public var steps: Int
    /// That its training took.
    public var seconds: Double?
    /// Over the last epoch.
    public var trainingLoss: Double?
    public var validationLoss: Double?
    /// After whichever epoch.
    public var leastValidationLoss: Double?
    /// Fractions 0..1.
    public var validationAccuracy: Double?
    public var testAccuracy: Double?

    /// Fraction of the validation images, 0..1, of a run that has come to its end; nil for any other.
    public var error: Double? { isFinished ? validationAccuracy.map { 1 - $0 } : nil }
  }

  /// Runs that differ in their seed alone.
  public struct Mean: Sendable, Hashable {
    /// What they are called without their seeds.
    public var id: String
    public var count: Int
    public var parameters: Int
    public var macs: Int
    public var trainingLoss: Statistic?
    public var validationLoss: Statistic?
    public var leastValidationLoss: Statistic?
    public var validationAccuracy: Statistic
    public var testAccuracy: Statistic?
  }

  /// Of some numbers.
  public struct Statistic: Sendable, Hashable {
    public var mean: Double
    /// The sample's standard deviation, with n − 1; nil for one number.
    public var deviation: Double?

    /// nil for no numbers.
    init?(_ numbers: [Double]) {
      guard !numbers.isEmpty else { return nil }
      let count = Double(numbers.count)
      let mean = numbers.reduce(0, +) / count
      self.mean = mean
      deviation =
        numbers.count < 2
        ? nil
        : (numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)).squareRoot()
    }
  }

  /// Finished runs first, by their error; then the others in the sweep's order.
  public var rows: [Row]

  public init(_ rows: [Row]) {
    let done = rows.filter { $0.error != nil }
    self.rows =
      done.enumerated()
      .sorted { ($0.element.error!, $0.offset) < ($1.element.error!, $1.offset) }.map(\.element)
      + rows.filter { $0.error == nil }
  }

  /// The rows that count.
  public var finished: ArraySlice<Row> { rows.prefix { $0.error != nil } }

  /// The share of the finished runs whose error is no greater than `error` (the empirical distribution of
  /// errors of a design space, Radosavovic et al. 2019, arXiv:1905.13214, equation 1).
  public func share(ofErrorsUpTo error: Double) -> Double {
    let count = finished.count { $0.error! <= error }
    return finished.isEmpty ? 0 : Double(count) / Double(finished.count)
  }

  /// The least error, the quartiles and the greatest; empty without a finished run.
  public var quantiles: [(share: Double, error: Double)] {
    [0, 0.25, 0.5, 0.75, 1].compactMap { share in error(ofShare: share).map { (share, $0) } }
  }

  /// The least error that `share` (0 to 1) of the finished runs do not exceed; nil without any.
  public func error(ofShare share: Double) -> Double? {
    guard !finished.isEmpty else { return nil }
    let rank = Int((share * Double(finished.count)).rounded(.up))
    return finished[max(0, min(finished.count - 1, rank - 1))].error
  }

  /// A run or a mean on the Pareto front.
  public struct Best: Sendable, Hashable {
    public var id: String
    public var macs: Int
    public var validationAccuracy: Double
  }

  /// The runs that no other with as few MACs beats, by their MACs; of runs that differ in their seed alone,
  /// the means.
  public var front: [Best] {
    let means = means
    let candidates =
      means.isEmpty
      ? finished.map {
        Best(id: $0.id, macs: $0.macs, validationAccuracy: $0.validationAccuracy!)
      }
      : means.map { Best(id: $0.id, macs: $0.macs, validationAccuracy: $0.validationAccuracy.mean) }
    return ParetoFront.indices(
      costs: candidates.map { Double($0.macs) }, values: candidates.map(\.validationAccuracy)
    ).map { candidates[$0] }
  }

  /// Over the seeds, where some runs differ in nothing else; by their error.
  public var means: [Mean] {
    var groups: [(id: String, rows: [Row])] = []
    for row in finished {
      if let index = groups.firstIndex(where: { $0.id == row.group }) {
        groups[index].rows.append(row)
      } else {
        groups.append((row.group, [row]))
      }
    }
    guard groups.contains(where: { $0.rows.count > 1 }) else { return [] }
    return groups.compactMap { group in
      guard let first = group.rows.first,
        let accuracy = Statistic(group.rows.compactMap(\.validationAccuracy))
      else { return nil }
      return Mean(
        id: group.id, count: group.rows.count, parameters: first.parameters, macs: first.macs,
        trainingLoss: Statistic(group.rows.compactMap(\.trainingLoss)),
        validationLoss: Statistic(group.rows.compactMap(\.validationLoss)),
        leastValidationLoss: Statistic(group.rows.compactMap(\.leastValidationLoss)),
        validationAccuracy: accuracy,
        testAccuracy: Statistic(group.rows.compactMap(\.testAccuracy)))
    }.sorted { $0.validationAccuracy.mean > $1.validationAccuracy.mean }
  }
}

extension SweepReport.Row {
  /// - Parameters:
  ///   - plan: of what the network has become.
  ///   - history: the run's log; nil where it has none.
  public init(_ run: Sweep.Run, plan: NetworkPlan, isFinished: Bool, history: RunHistory?) {
    let total = plan.total
    func last(_ tag: String) -> Double? { history?.series(tag)?.latest?.value }
    self.init(
      id: run.id, group: run.group, settings: run.settings, isFinished: isFinished,
      parameters: total.parameters,
      macs: total.macs, steps: history?.lastStep ?? 0,
      seconds: history?.seconds,
      trainingLoss: history?.lastEpochMean(of: "loss/train"), validationLoss: last("loss/val"),
      leastValidationLoss: history?.series("loss/val")?.minimum?.value,
      validationAccuracy: last("accuracy/val"), testAccuracy: last("accuracy/test"))
  }
}
