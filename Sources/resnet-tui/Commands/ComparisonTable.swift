import Cells
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
      table("metric", comparison.metrics, difference: true) { Self.text($0) },
      table("layer", comparison.layers) { Self.text($0) },
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
          + (hasChange ? [Self.change(row.values.map { $0 as? Double })] : [])
      }
    ).text()
  }

  private static func change(_ values: [Double?]) -> String {
    guard let a = values[0], let b = values[1], a != 0 else { return "" }
    let change = b / a - 1
    return (change > 0 ? "+" : "") + NumberText.percent(change)
  }

  private static func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15
      ? NumberText.grouped(Int(value)) : NumberText.significant(value)
  }

  /// `3×3/2 g32 128×28×28 · 36,864`: window, groups, output and parameters.
  private static func text(_ layer: Comparison.Layer) -> String {
    var parts: [String] = []
    if let kernel = layer.kernel, let stride = layer.stride {
      parts.append("\(kernel)×\(kernel)" + (stride > 1 ? "/\(stride)" : ""))
    }
    if let groups = layer.groups, groups > 1 { parts.append("g\(groups)") }
    parts.append(layer.output.map(String.init).joined(separator: "×"))
    if layer.parameters > 0 { parts.append("· \(NumberText.grouped(layer.parameters))") }
    return parts.joined(separator: " ")
  }
}
