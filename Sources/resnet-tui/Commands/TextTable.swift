import Cells

/// A table as plain text for pipes and files: every column as wide as its widest cell.
struct TextTable {
  struct Column {
    var title: String
    var alignment: Alignment

    init(_ title: String, _ alignment: Alignment = .leading) {
      self.title = title
      self.alignment = alignment
    }
  }

  var columns: [Column]
  var rows: [[String]]
  var footer: [String]?

  func text() -> String {
    let safe = (rows + (footer.map { [$0] } ?? [])).map { $0.map { Sanitizer.sanitize($0) } }
    let titles = columns.map(\.title)
    let widths = columns.indices.map { column in
      ([titles] + safe).map { TextWidth.of($0[column]) }.max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      let padded = cells.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - TextWidth.of(cells[column]))
        return columns[column].alignment == .trailing
          ? space + cells[column] : cells[column] + space
      }
      var text = padded.joined(separator: "  ")
      while text.hasSuffix(" ") { text.removeLast() }
      return text + "\n"
    }
    let rule = String(repeating: "─", count: widths.reduce(0, +) + 2 * (widths.count - 1)) + "\n"
    var text = line(titles) + rule
    for row in safe.prefix(rows.count) { text += line(row) }
    if footer != nil { text += rule + line(safe[rows.count]) }
    return text
  }
}
