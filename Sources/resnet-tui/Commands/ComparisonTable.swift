import Cells
import Dashboard
import Experiments

/// A comparison as text: a legend, then a table each of settings, metrics and layers.
struct ComparisonTable {
  private let comparison: Comparison

  init(_ comparison: Comparison) { self.comparison = comparison }

  /// `a`, `b`, … stand for the subjects, whose names may be long.
  private var letters: [String] {
    comparison.names.indices.map { index in
      index < 26 ? String(UnicodeScalar(UInt8(97 + index))) : "\(index + 1)"
    }
  }

  func text() -> String {
    var text = ""
    for (letter, name) in zip(letters, comparison.names) { text += "\(letter)  \(name)\n" }
    let parts = [
      table("setting", comparison.settings) { $0 },
      table("metric", comparison.metrics, difference: true, ComparisonText.metric),
      table("layer", comparison.layers, ComparisonText.layer),
    ].compactMap { $0 }
    guard !parts.isEmpty else { return text + "\nno difference\n" }
    return text + parts.map { "\n\($0)" }.joined()
  }

  private func table<Value>(
    _ title: String, _ rows: [Comparison.Row<Value>], difference: Bool = false,
    _ text: (Value) -> String
  ) -> String? {
    guard !rows.isEmpty else { return nil }
    // With two, the change from the one to the other is what one looks for.
    let hasChange = difference && comparison.names.count == 2
    return TextTable(
      columns: [.init(title)] + letters.map { .init($0, .trailing) }
        + (hasChange ? [.init("change", .trailing)] : []),
      rows: rows.map { row in
        [row.key] + row.values.map { $0.map(text) ?? "–" }
          + (hasChange
            ? [
              ComparisonText.change(
                from: row.values[0] as? Double, to: row.values[1] as? Double)
            ] : [])
      }
    ).text()
  }
}
