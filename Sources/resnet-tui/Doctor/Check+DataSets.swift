import Cells
import Datasets
import Foundation

/// What is at hand of a data set.
enum DataSetFacts {
  case builtIn
  case found(folder: String, DatasetOutline)
  /// Its files are all there, but cannot be read.
  case damaged(DatasetError)
  case incomplete(folder: String, missing: [String])
  case notFound
}

extension Check {
  /// Where data sets are looked up.
  ///
  /// - Parameters:
  ///   - folders: those that are looked at, in their order.
  ///   - missing: those of RESNET_TUI_DATA that are no folders.
  static func dataFolders(_ folders: [String], missing: [String]) -> Check {
    guard !folders.isEmpty else {
      return Check(
        "data", .warning, "no folder to look in: neither RESNET_TUI_DATA nor HOME is set",
        mend: "set RESNET_TUI_DATA to the folder that holds the data sets' folders")
    }
    let found = folders.joined(separator: ", ")
    guard !missing.isEmpty else { return Check("data", .ok, "looked up in \(found)") }
    return Check(
      "data", .warning,
      "looked up in \(found); RESNET_TUI_DATA names \(missing.joined(separator: ", ")), "
        + "which is no folder",
      mend: "set RESNET_TUI_DATA to the folder that holds the data sets' folders, or unset it")
  }

  /// Whether a data set can be trained on.
  ///
  /// - Parameter place: a folder in which sets are looked up; nil where there is none.
  static func dataSet(_ name: DatasetName, _ facts: DataSetFacts, place: String?) -> Check {
    switch facts {
    case .builtIn:
      return Check(name.rawValue, .ok, "built in, drawn from a seed")
    case .found(let folder, let outline):
      return Check(
        name.rawValue, .ok,
        "\(folder), \(NumberText.grouped(outline.train)) + \(NumberText.grouped(outline.test)) images"
      )
    case .damaged(let error):
      let (found, mend) = parts(of: error)
      return Check(name.rawValue, .problem, found, mend: mend)
    case .incomplete(let folder, let missing):
      return Check(
        name.rawValue, .warning, "\(folder) lacks \(missing.joined(separator: ", "))",
        mend: "'resnet-tui data fetch \(name.rawValue)' adds them")
    case .notFound:
      let filling =
        place.map { "'resnet-tui data fetch \(name.rawValue)' puts it into \($0), or " } ?? ""
      return Check(
        name.rawValue, .note, "not found",
        mend: filling + "set RESNET_TUI_DATA to the folder that holds \(name.rawValue)/")
    }
  }

  /// Errors of files end in how to mend them, after a semicolon.
  private static func parts(of error: DatasetError) -> (found: String, mend: String) {
    let text = error.description
    guard let mark = text.range(of: "; ", options: .backwards) else {
      return (text, "make the file readable, or put the publisher's there")
    }
    return (String(text[..<mark.lowerBound]), String(text[mark.upperBound...]))
  }
}
