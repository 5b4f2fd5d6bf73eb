import Cells
import Experiments
import Worker

/// What `evaluate` says.
struct EvaluationReport: Encodable {
  let experiment: String
  /// The file.
  let weights: String
  var step: Int?
  let split: String
  let images: Int
  /// Mean cross-entropy, in nats.
  let loss: Double
  /// Fraction 0..1.
  let accuracy: Double
  let classes: [Row]
  /// Images by what they are (row) and what they are taken for (column).
  var confusion: [[Int]]?

  struct Row: Encodable {
    let name: String
    let images: Int
    /// Fractions 0..1; nil where there is nothing to divide by.
    var recall: Double?
    var precision: Double?
    /// What its images are most often taken for besides, and how often.
    var takenFor: String?
    var takenForCount: Int?
  }

  init(_ trained: TrainedWeights, _ evaluation: Evaluation, split: Evaluation.Split) {
    let predictions = evaluation.predictions
    experiment = trained.experiment.name
    weights = trained.file
    step = trained.step
    self.split = split.rawValue
    images = evaluation.count
    loss = evaluation.loss
    accuracy = evaluation.accuracy
    classes = predictions.classResults.map { result in
      Row(
        name: predictions.name(of: result.label), images: result.count, recall: result.recall,
        precision: result.precision, takenFor: result.rival.map { predictions.name(of: $0.label) },
        takenForCount: result.rival?.count)
    }
    confusion = predictions.confusion
  }

  private static let words = ["train": "training", "val": "validation"]

  var text: String {
    var text =
      "\(experiment)\(step.map { ", step \(NumberText.grouped($0))" } ?? ""), "
      + "\(NumberText.grouped(images)) \(Self.words[split] ?? split) images\n"
      + "loss \(NumberText.significant(loss)), accuracy "
      + "\(NumberText.percent(accuracy, decimals: 2))\n"
    guard let confusion, !classes.isEmpty else { return text }
    text += "\n" + classTable.text()
    // Wider ones are for programs.
    if classes.count <= 20 { text += "\n" + matrix(confusion).text() }
    return text
  }

  private var classTable: TextTable {
    func percent(_ value: Double?) -> String {
      value.map { NumberText.percent($0, decimals: 1) } ?? ""
    }
    return TextTable(
      columns: [
        .init("class"), .init("images", .trailing), .init("recall", .trailing),
        .init("precision", .trailing), .init("taken most often for"),
      ],
      rows: classes.map { row in
        [
          row.name, NumberText.grouped(row.images), percent(row.recall), percent(row.precision),
          row.takenFor.map { "\($0) (\(row.takenForCount ?? 0))" } ?? "",
        ]
      })
  }

  /// Columns are numbered: their names would be too wide.
  private func matrix(_ confusion: [[Int]]) -> TextTable {
    TextTable(
      columns: [.init("is, taken for")]
        + classes.indices.map { .init("\($0)", .trailing) },
      rows: zip(classes.indices, confusion).map { label, row in
        ["\(label) \(classes[label].name)"] + row.map { $0 == 0 ? "·" : NumberText.grouped($0) }
      })
  }
}
