import Experiments

/// How a sweep came out, as JSON.
struct SweepSummary: Encodable {
  private let sweep: String
  private let runs: [Run]
  private let means: [Mean]
  private let errorDistribution: [Share]
  /// The least error, the quartiles and the greatest.
  private let errorQuantiles: [Share]
  private let paretoFront: [String]

  private struct Run: Encodable {
    let run: String
    let settings: [Setting]
    let finished: Bool
    let parameters, macs, steps: Int
    let seconds, lossTrain, lossVal, lossValBest, accuracyVal, accuracyTest: Double?
  }

  private struct Setting: Encodable {
    let key, value: String
  }

  private struct Mean: Encodable {
    let runs: String
    let count, parameters, macs: Int
    let lossTrain, lossTrainDeviation, lossVal, lossValDeviation: Double?
    let lossValBest, lossValBestDeviation: Double?
    let accuracyVal: Double
    let accuracyValDeviation, accuracyTest, accuracyTestDeviation: Double?
  }

  private struct Share: Encodable {
    /// Fraction of the validation images.
    let error: Double
    /// Of the finished runs, those whose error is no greater.
    let share: Double
  }

  init(_ report: SweepReport, sweep path: String) {
    sweep = path
    runs = report.rows.map { row in
      Run(
        run: row.id, settings: row.settings.map { Setting(key: $0.key, value: $0.value) },
        finished: row.isFinished, parameters: row.parameters, macs: row.macs, steps: row.steps,
        seconds: row.seconds, lossTrain: row.trainingLoss, lossVal: row.validationLoss,
        lossValBest: row.leastValidationLoss,
        accuracyVal: row.validationAccuracy, accuracyTest: row.testAccuracy)
    }
    means = report.means.map { mean in
      Mean(
        runs: mean.id, count: mean.count, parameters: mean.parameters, macs: mean.macs,
        lossTrain: mean.trainingLoss?.mean, lossTrainDeviation: mean.trainingLoss?.deviation,
        lossVal: mean.validationLoss?.mean, lossValDeviation: mean.validationLoss?.deviation,
        lossValBest: mean.leastValidationLoss?.mean,
        lossValBestDeviation: mean.leastValidationLoss?.deviation,
        accuracyVal: mean.validationAccuracy.mean,
        accuracyValDeviation: mean.validationAccuracy.deviation,
        accuracyTest: mean.testAccuracy?.mean,
        accuracyTestDeviation: mean.testAccuracy?.deviation)
    }
    errorDistribution = report.finished.compactMap { row in
      row.error.map { Share(error: $0, share: report.share(ofErrorsUpTo: $0)) }
    }
    errorQuantiles = report.quantiles.map { Share(error: $0.error, share: $0.share) }
    paretoFront = report.front.map(\.id)
  }
}
