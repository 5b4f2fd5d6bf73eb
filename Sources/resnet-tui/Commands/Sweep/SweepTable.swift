import Cells
import Experiments

/// How a sweep came out, as text: a table of the runs, and what they say together.
struct SweepTable {
  private let report: SweepReport
  private let keys: [String]
  private let isDry: Bool

  /// Settings with longer values have no column: the runs' names tell them apart.
  private static let widestSetting = 12

  /// - Parameters:
  ///   - keys: the settings that are varied.
  ///   - isDry: nothing has been trained.
  init(_ report: SweepReport, keys: [String], isDry: Bool) {
    self.report = report
    self.isDry = isDry
    self.keys = keys.filter { key in
      report.rows.allSatisfy { (Self.value(of: key, in: $0) ?? "").count <= Self.widestSetting }
    }
  }

  private static func value(of key: String, in row: SweepReport.Row) -> String? {
    row.settings.last { $0.key == key }?.value
  }

  func text() -> String {
    guard !isDry else { return runs() + "\(report.rows.count) runs\n" }
    return [runs(), means(), distribution(), front()].compactMap { $0 }.joined(separator: "\n")
  }

  private func runs() -> String {
    let front = Set(report.front.map(\.id))
    let hasTest = report.rows.contains { $0.testAccuracy != nil }
    let columns: [(column: TextTable.Column, cell: (SweepReport.Row) -> String?)] =
      [(.init("run"), { $0.id })]
      + keys.map { key in
        (.init(String(key.split(separator: ".").last ?? "")), { Self.value(of: key, in: $0) })
      }
      + [
        (.init("parameters", .trailing), { NumberText.grouped($0.parameters) }),
        (.init("MACs", .trailing), { NumberText.compact(Double($0.macs)) }),
      ]
      + (isDry
        ? []
        : [
          (.init("loss/train", .trailing), { $0.trainingLoss.map { NumberText.significant($0) } }),
          (.init("loss/val", .trailing), { $0.validationLoss.map { NumberText.significant($0) } }),
          (.init("accuracy/val", .trailing), { Self.percent($0.validationAccuracy) }),
        ]
          + (hasTest
            ? [(.init("accuracy/test", .trailing), { Self.percent($0.testAccuracy) })] : [])
          + [
            (.init("time", .trailing), { $0.seconds.map { NumberText.duration(seconds: $0) } }),
            (
              .init("share", .trailing),
              { row in
                guard row.isFinished, let error = row.error else { return nil }
                return NumberText.fixed(report.share(ofErrorsUpTo: error), decimals: 2)
              }
            ),
            (
              .init(""),
              { row in row.isFinished ? front.contains(row.id) ? "front" : "" : "unfinished" }
            ),
          ])
    return TextTable(
      columns: columns.map(\.column),
      rows: report.rows.map { row in columns.map { $0.cell(row) ?? "–" } }
    ).text()
  }

  private static func percent(_ fraction: Double?) -> String? {
    fraction.map { NumberText.percent($0, decimals: 2) }
  }

  private func means() -> String? {
    let means = report.means
    guard !means.isEmpty else { return nil }
    func text(_ statistic: SweepReport.Statistic?) -> String {
      guard let statistic else { return "–" }
      let deviation = statistic.deviation.map { " ± \(NumberText.fixed(100 * $0, decimals: 2))" }
      return NumberText.percent(statistic.mean, decimals: 2) + (deviation ?? "")
    }
    let hasTest = means.contains { $0.testAccuracy != nil }
    return TextTable(
      columns: [
        .init("mean over seeds"), .init("runs", .trailing), .init("accuracy/val", .trailing),
      ]
        + (hasTest ? [.init("accuracy/test", .trailing)] : []),
      rows: means.map { mean in
        [mean.id, "\(mean.count)", text(mean.validationAccuracy)]
          + (hasTest ? [text(mean.testAccuracy)] : [])
      }
    ).text()
  }

  /// Quantiles of the errors.
  private func distribution() -> String? {
    let shares: [(name: String, share: Double)] = [
      ("least", 0), ("quarter", 0.25), ("half", 0.5), ("three quarters", 0.75), ("all", 1),
    ]
    guard report.finished.count > 3 else { return nil }
    return "errors up to: "
      + shares.map { name, share in
        "\(name) \(Self.percent(report.error(ofShare: share)) ?? "–")"
      }.joined(separator: ", ") + " of \(report.finished.count) runs\n"
  }

  private func front() -> String? {
    let front = report.front
    guard front.count > 0 else { return nil }
    return "Pareto front by MACs: "
      + front.map {
        "\($0.id) (\(NumberText.compact(Double($0.macs))), \(Self.percent($0.error) ?? "–"))"
      }
      .joined(separator: ", ") + "\n"
  }
}

/// The same as JSON.
struct SweepSummary: Encodable {
  private let sweep: String
  private let runs: [Run]
  private let means: [Mean]
  private let errorDistribution: [Share]
  private let paretoFront: [String]

  private struct Run: Encodable {
    let run: String
    let settings: [Setting]
    let finished: Bool
    let parameters, macs, steps: Int
    let seconds, lossTrain, lossVal, accuracyVal, accuracyTest: Double?
  }

  private struct Setting: Encodable {
    let key, value: String
  }

  private struct Mean: Encodable {
    let runs: String
    let count: Int
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
        accuracyVal: row.validationAccuracy, accuracyTest: row.testAccuracy)
    }
    means = report.means.map { mean in
      Mean(
        runs: mean.id, count: mean.count, accuracyVal: mean.validationAccuracy.mean,
        accuracyValDeviation: mean.validationAccuracy.deviation,
        accuracyTest: mean.testAccuracy?.mean,
        accuracyTestDeviation: mean.testAccuracy?.deviation)
    }
    errorDistribution = report.finished.compactMap { row in
      row.error.map { Share(error: $0, share: report.share(ofErrorsUpTo: $0)) }
    }
    paretoFront = report.front.map(\.id)
  }
}
