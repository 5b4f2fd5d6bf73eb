import Architecture
import Cells

/// The network in one line: its stages with their blocks and what they put out.
struct StageStrip {
  let plan: NetworkPlan
  /// Row of the plan whose stage stands out.
  let selected: Int?

  func draw(on canvas: Canvas) {
    let theme = canvas.theme
    let current = selected.flatMap { plan.layers.indices.contains($0) ? plan.layers[$0].name : nil }
    let parts = parts
    let separator = canvas.glyphs.isASCII ? " > " : " → "
    // As much as there is room for: sizes in full, heights and widths, squares by their sides, or names
    // alone.
    func width(_ size: (Part) -> String) -> Int {
      parts.reduce(0) { $0 + canvas.columns(of: $1.name) + 1 + canvas.columns(of: size($1)) }
        + separator.count * max(0, parts.count - 1)
    }
    let sizes = [\Part.size, \Part.area] + (canvas.glyphs.isASCII ? [] : [\Part.side])
    let size = sizes.first { size in
      width { $0[keyPath: size] } <= canvas.width
    }
    var x = 0
    for (index, part) in parts.enumerated() {
      let isCurrent = current.map { part.holds($0) } ?? false
      if index > 0 { x += canvas.write(separator, x: x, style: theme.faint) }
      x += canvas.write(part.name, x: x, style: isCurrent ? theme.accent : theme.muted)
      guard let size else { continue }
      x += canvas.write(
        " \(part[keyPath: size])", x: x, style: isCurrent ? theme.text : theme.faint)
    }
  }

  private struct Part {
    var name: String
    /// Its blocks and C×H×W.
    var size: String
    /// H×W.
    var area: String
    /// H² where that is as much.
    var side: String
    /// What the names of its layers begin with; nil for the rest in front of the stages.
    var prefix: String?

    func holds(_ layer: String) -> Bool {
      prefix.map { layer.hasPrefix($0) } ?? !(layer.hasPrefix("layer") || layer == "fc")
    }
  }

  private var parts: [Part] {
    var parts: [Part] = []
    if let last = plan.layers.last(where: { Self.isStem($0.name) }), plan.spec.stem != .none {
      parts.append(
        Part(
          name: "stem", size: "\(last.output)", area: Self.area(last), side: Self.side(last),
          prefix: nil))
    }
    for (index, stage) in plan.spec.stages.enumerated() {
      let prefix = "layer\(index + 1)."
      guard let last = plan.layers.last(where: { $0.name.hasPrefix(prefix) }) else { continue }
      parts.append(
        Part(
          name: "layer\(index + 1)", size: "\(stage.blocks) of \(last.output)",
          area: Self.area(last), side: Self.side(last), prefix: prefix))
    }
    if let head = plan.layers.last, head.operation == .linear {
      let classes = "\(head.output.channels)"
      parts.append(
        Part(name: head.name, size: classes, area: classes, side: classes, prefix: head.name))
    }
    return parts
  }

  private static func area(_ layer: LayerPlan) -> String {
    "\(layer.output.height)×\(layer.output.width)"
  }

  private static func side(_ layer: LayerPlan) -> String {
    layer.output.height == layer.output.width ? "\(layer.output.height)²" : area(layer)
  }

  /// Rows in front of the first stage.
  private static func isStem(_ name: String) -> Bool {
    ["conv1", "bn1", "relu", "maxpool"].contains(name)
  }
}
