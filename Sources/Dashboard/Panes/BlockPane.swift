import Architecture
import Cells

/// One block as a drawing: of the stage that is being composed, or of the layer that is selected.
struct BlockPane {
  private let state: State

  init(_ state: State) { self.state = state }

  func draw(on canvas: Canvas) {
    let theme = canvas.theme
    let plan = state.shownPlan
    let diagram = plan.flatMap(block)
    let inner = state.panel(
      .block, trailing: diagram.map { [Span($0.name, style: theme.accent)] } ?? []
    ).draw(on: canvas)
    guard let plan, let diagram else {
      return TextBlock(state.missingNetwork, style: theme.muted).draw(on: inner)
    }
    let body = inner.region(Rect(x: 1, y: 0, width: inner.width - 2, height: inner.height))
    let notes = notes(diagram, in: plan)
    let drawing = BlockDrawing(diagram)
    let room = body.height - drawing.leastHeight
    let shown = max(0, min(notes.count, room > notes.count ? notes.count : room))
    let parts = body.bounds.rows([.minimum(0), .fixed(shown)])
    drawing.draw(on: body.region(parts[0]))
    for (y, note) in notes.prefix(shown).enumerated() {
      body.write(note, x: 0, y: parts[1].y + y, style: theme.muted, width: body.width)
    }
  }

  /// The block that is drawn.
  func block(in plan: NetworkPlan) -> BlockDiagram? { BlockDiagram(blockName(in: plan), of: plan) }

  private func blockName(in plan: NetworkPlan) -> String {
    if state.focus == .layers || state.focus == .block,
      plan.layers.indices.contains(state.layerRow),
      let name = BlockDiagram.name(ofRow: state.layerRow, in: plan)
    {
      return name
    }
    let stage = min(state.composer.shownStage, plan.spec.stages.count - 1)
    return "layer\(stage + 1).0"
  }

  /// What the block costs, what its groups save, and what of the image it sees.
  private func notes(_ diagram: BlockDiagram, in plan: NetworkPlan) -> [String] {
    let layers = plan.layers[diagram.rows]
    let macs = layers.reduce(0) { $0 + $1.macs }
    let parameters = layers.reduce(0) { $0 + $1.parameterCount }
    var notes = [
      "\(NumberText.compact(Double(parameters))) parameters, "
        + "\(NumberText.compact(Double(macs))) MACs"
    ]
    if let grouped = layers.first(where: { ($0.groups ?? 1) > 1 }), let groups = grouped.groups {
      notes.append(
        "O(c_i·c_o/\(groups)): "
          + "\(NumberText.compact(Double(grouped.macs * groups))) → "
          + "\(NumberText.compact(Double(grouped.macs))) MACs")
    }
    if let field = layers.last?.receptiveField {
      let image = plan.spec.input
      // From a corner too.
      let seesAll = field.side >= 2 * max(image.height, image.width) - 1
      notes.append(
        "sees " + (seesAll ? "all" : "\(field.side)×\(field.side)")
          + " of \(image.height)×\(image.width) pixels")
    }
    return notes
  }
}
