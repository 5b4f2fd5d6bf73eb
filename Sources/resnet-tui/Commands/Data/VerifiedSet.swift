import Cells
import Datasets
import Foundation

/// What a verification says of one data set, as JSON and as tables.
struct VerifiedSet: Encodable {
  let set: String
  let folder: String
  /// C, H, W.
  let shape: [Int]
  let train, test: Split
  let files: [File]
  let isAsPublished: Bool

  struct Split: Encodable {
    let images: Int
    let leastLabel, greatestLabel: Int
    /// In the order of the labels.
    let perClass: [Int]

    init(_ split: DatasetReport.Split) {
      images = split.count
      (leastLabel, greatestLabel) = (split.labels.lowerBound, split.labels.upperBound)
      perClass = split.perClass
    }
  }

  struct File: Encodable {
    let path: String
    let isAsPublished: Bool
  }

  private let classes: [String]

  private enum CodingKeys: CodingKey {
    case set, folder, shape, train, test, files, isAsPublished
  }

  init(_ report: DatasetReport) {
    set = report.name.rawValue
    folder = report.folder
    shape = report.shape
    (train, test) = (Split(report.train), Split(report.test))
    files = report.files.map { File(path: $0.path, isAsPublished: $0.isAsPublished) }
    isAsPublished = report.isAsPublished
    classes = report.classes
  }

  /// A line that sums it up, a table of the files and one of the classes.
  func text() -> String {
    let labels =
      "\(min(train.leastLabel, test.leastLabel)) to \(max(train.greatestLabel, test.greatestLabel))"
    return """
      \(set): \(NumberText.grouped(train.images + test.images)) images read, \
      \(NumberText.grouped(train.images)) + \(NumberText.grouped(test.images)) of \
      \(shape.map(String.init).joined(separator: "×")), labels \(labels), \
      \(Self.verdict(isAsPublished)): \(folder)


      """ + fileTable.text() + "\n" + classTable.text()
  }

  private static func verdict(_ isAsPublished: Bool) -> String {
    isAsPublished ? "as published" : "differs from the published file"
  }

  private var fileTable: TextTable {
    TextTable(
      columns: [.init("file"), .init("SHA-256")],
      rows: files.map { file in
        // They are all in the set's folder.
        [String(file.path.dropFirst(folder.count + 1)), Self.verdict(file.isAsPublished)]
      })
  }

  private var classTable: TextTable {
    TextTable(
      columns: [
        .init("label", .trailing), .init("class"), .init("train", .trailing),
        .init("test", .trailing),
      ],
      rows: classes.indices.map { label in
        [
          "\(label)", classes[label], NumberText.grouped(train.perClass[label]),
          NumberText.grouped(test.perClass[label]),
        ]
      })
  }
}
