import Cells
public import EventLog

extension [LogGap] {
  /// How much of a log is damaged, and where; nil where nothing is.
  public var text: String? {
    guard let first else { return nil }
    let bytes = reduce(0) { $0 + $1.length }
    return "the log is damaged: \(NumberText.grouped(bytes)) bytes in \(count) "
      + "\(count == 1 ? "place" : "places") from byte \(NumberText.grouped(first.offset)) on "
      + "were skipped"
  }
}
