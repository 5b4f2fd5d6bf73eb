import Architecture
import Cells
public import Experiments

/// How the values of a comparison are written, in tables and on the screen.
public enum ComparisonText {
  /// In the unit that the metric of this name is read in: `92.09 %`, `30.82 M`, `11:17`.
  public static func metric(_ name: String, _ value: Double) -> String {
    if name.hasPrefix("accuracy/") { return NumberText.percent(value, decimals: 2) }
    if name.hasPrefix("macs") || name == "activations" { return NumberText.compact(value) }
    if name == "seconds" { return NumberText.duration(seconds: value) }
    return NumberText.grouped(value)
  }

  /// `3×3/2 g32 128×28×28 · 36,864`: window, groups, output and parameters.
  public static func layer(_ layer: Comparison.Layer) -> String {
    var parts: [String] = []
    if let kernel = layer.kernel, let stride = layer.stride {
      parts.append("\(kernel)×\(kernel)" + (stride > 1 ? "/\(stride)" : ""))
    }
    if let groups = layer.groups, groups > 1 { parts.append("g\(groups)") }
    parts.append(layer.output.map(String.init).joined(separator: "×"))
    if layer.parameters > 0 { parts.append("· \(NumberText.grouped(layer.parameters))") }
    return parts.joined(separator: " ")
  }

  /// How the metric of this name changed: `-0.19 points` of an accuracy, of others as `change(from:to:)`.
  public static func change(of name: String, from a: Double?, to b: Double?) -> String {
    guard name.hasPrefix("accuracy/") else { return change(from: a, to: b) }
    guard let a, let b else { return "" }
    let points = 100 * (b - a)
    return (points > 0 ? "+" : "") + NumberText.fixed(points, decimals: 2) + " points"
  }

  /// From `a` to `b`, such as `+12.5 %`, or `×12.5` from ten times on; empty where there is no
  /// telling.
  public static func change(from a: Double?, to b: Double?, decimals: Int = 1) -> String {
    guard let a, let b, a != 0 else { return "" }
    if b / a >= 10 { return "×\(NumberText.significant(b / a, digits: 3))" }
    let change = b / a - 1
    return (change > 0 ? "+" : "") + NumberText.percent(change, decimals: decimals)
  }
}
