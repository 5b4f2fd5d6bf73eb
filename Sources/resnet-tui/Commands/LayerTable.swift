import Architecture
import Cells

/// The layer table as text.
struct LayerTable {
  private let plan: NetworkPlan

  init(_ plan: NetworkPlan) { self.plan = plan }

  func text() -> String {
    let spec = plan.spec
    let table = TextTable(
      columns: [
        .init("name"), .init("kind"), .init("output", .trailing), .init("kernel", .trailing),
        .init("stride", .trailing), .init("groups", .trailing), .init("parameters", .trailing),
        .init("MACs", .trailing),
      ],
      rows: plan.layers.map { layer in
        [
          layer.name, layer.kind, layer.outputDimensions.map(String.init).joined(separator: "×"),
          layer.window.map { "\($0.kernel)×\($0.kernel)" } ?? "",
          layer.window.map { "\($0.stride)" } ?? "", layer.groups.map { "\($0)" } ?? "",
          layer.parameterCount > 0 ? NumberText.grouped(layer.parameterCount) : "",
          layer.macs > 0 ? NumberText.grouped(layer.macs) : "",
        ]
      },
      footer: [
        "total", "", "", "", "", "", NumberText.grouped(plan.total.parameters),
        NumberText.grouped(plan.total.macs),
      ])
    return "\(spec.name), input \(spec.input) (C×H×W), \(spec.classes) classes\n\n" + table.text()
      + "\nactivations \(NumberText.grouped(plan.total.activations)) elements an image "
      + "(outputs of convolutions and linear layers)\n"
  }
}
