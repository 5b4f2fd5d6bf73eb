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
      table("setting", comparison.settings) { $1 },
      table(
        "metric", comparison.metrics,
        change: { ComparisonText.change(of: $0.key, from: $0.values[0], to: $0.values[1]) },
        ComparisonText.metric),
      table("layer", comparison.layers) { ComparisonText.layer($1) },
    ].compactMap { $0 }
    guard !parts.isEmpty else { return text + "\nno difference\n" }
    return text + parts.map { "\n\($0)" }.joined()
  }

  private func table<Value>(
    _ title: String, _ rows: [Comparison.Row<Value>],
    change: ((Comparison.Row<Value>) -> String)? = nil,
    _ text: (_ key: String, Value) -> String
  ) -> String? {
    guard !rows.isEmpty else { return nil }
    // With two, the change from the one to the other is what one looks for.
    let change = comparison.names.count == 2 ? change : nil
    return TextTable(
      columns: [.init(title)] + letters.map { .init($0, .trailing) }
        + (change == nil ? [] : [.init("change", .trailing)]),
      rows: rows.map { row in
        [row.key] + row.values.map { $0.map { text(row.key, $0) } ?? "–" }
          + (change.map { [$0(row)] } ?? [])
      }
    ).text()
  }
}
