import Cells
import Experiments

/// How a sweep came out, as text: a table of the runs, and what they say together.
struct SweepTable {
  private let report: SweepReport
  /// The settings that have a column.
  private let keys: [String]
  /// The varied settings of each run, by its name and theirs.
  private let values: [String: [String: String]]
  private let isDry: Bool

  /// Settings with longer values have no column: the runs' names tell them apart. Nor have those that are
  /// part of the names.
  private static let widestSetting = 12
  /// Variants were given their names to be told apart by: their settings have columns where that are all of
  /// them, and few.
  private static let fewSettings = 4

  /// - Parameter isDry: nothing has been trained.
  init(_ report: SweepReport, of sweep: Sweep, isDry: Bool) {
    self.report = report
    self.isDry = isDry
    let keys = sweep.keys
    let values = Dictionary(
      sweep.runs.map { ($0.id, Self.values(of: keys, in: $0)) }, uniquingKeysWith: { $1 })
    self.values = values
    func text(_ row: SweepReport.Row, _ key: String) -> String { values[row.id]?[key] ?? "" }
    let untold = keys.filter { key in
      !report.rows.allSatisfy { $0.id.contains("\(Self.title(of: key))-\(text($0, key))") }
    }
    let short = untold.filter { key in
      report.rows.allSatisfy { text($0, key).count <= Self.widestSetting }
    }
    let isPart = short.count < untold.count || short.count > Self.fewSettings
    self.keys = sweep.hasVariants && isPart ? [] : short
  }

  /// A setting that is varied for others only is what the experiment says.
  private static func values(of keys: [String], in run: Sweep.Run) -> [String: String] {
    var values = Dictionary(run.settings.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    if keys.contains(where: { values[$0] == nil }) {
      values.merge(run.experiment.settings.map { ($0.key, $0.value) }) { own, _ in own }
    }
    return values
  }

  private static func title(of key: String) -> String {
    key.split(separator: ".").last.map(String.init) ?? key
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
        (.init(Self.title(of: key)), { values[$0.id]?[key] })
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
    func loss(_ statistic: SweepReport.Statistic?) -> String {
      guard let statistic else { return "–" }
      let deviation = statistic.deviation.map { " ± \(NumberText.fixed($0, decimals: 4))" }
      return NumberText.fixed(statistic.mean, decimals: 4) + (deviation ?? "")
    }
    func text(_ statistic: SweepReport.Statistic?) -> String {
      guard let statistic else { return "–" }
      guard let deviation = statistic.deviation else {
        return NumberText.percent(statistic.mean, decimals: 2)
      }
      return NumberText.fixed(100 * statistic.mean, decimals: 2) + " ± "
        + NumberText.percent(deviation, decimals: 2)
    }
    let hasTest = means.contains { $0.testAccuracy != nil }
    let front = Set(report.front.map(\.id))
    return TextTable(
      columns: [
        .init("mean over seeds"), .init("runs", .trailing), .init("loss/train", .trailing),
        .init("loss/val", .trailing), .init("accuracy/val", .trailing),
      ]
        + (hasTest ? [.init("accuracy/test", .trailing)] : []) + [.init("")],
      rows: means.map { mean in
        [
          mean.id, "\(mean.count)", loss(mean.trainingLoss), loss(mean.validationLoss),
          text(mean.validationAccuracy),
        ]
          + (hasTest ? [text(mean.testAccuracy)] : []) + [front.contains(mean.id) ? "front" : ""]
      }
    ).text()
  }

  /// Quantiles of the errors.
  private func distribution() -> String? {
    let names = ["least", "quarter", "half", "three quarters", "all"]
    guard report.finished.count > 3 else { return nil }
    return "errors up to: "
      + zip(names, report.quantiles).map { name, quantile in
        "\(name) \(Self.percent(quantile.error) ?? "–")"
      }.joined(separator: ", ") + " of \(report.finished.count) runs\n"
  }

  private func front() -> String? {
    let front = report.front
    guard front.count > 0 else { return nil }
    return "Pareto front, by MACs and accuracy/val: "
      + front.map {
        let accuracy = Self.percent($0.validationAccuracy) ?? "–"
        return "\($0.id) (\(NumberText.compact(Double($0.macs))), \(accuracy))"
      }
      .joined(separator: ", ") + "\n"
  }
}
