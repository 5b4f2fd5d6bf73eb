import Architecture
import ArgumentParser
import Cells
import Experiments

struct SummaryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary",
    abstract: "Print a network's layers with their shapes, parameters and MACs.")

  @Argument(
    help: "\(SpecReference.help)", completion: .spec)
  var spec: String?

  @OptionGroup var network: NetworkOptions

  @Flag(help: "Print JSON.")
  var json = false

  @Flag(help: "List the presets instead.")
  var list = false

  func validate() throws {
    guard list || spec != nil else {
      throw ValidationError("Missing expected argument '<spec>'; --list shows the presets")
    }
    if list, let spec { throw ValidationError("--list shows all presets; leave out \(spec)") }
  }

  func run() throws {
    try Failure.reporting {
      if list { return try listPresets() }
      let plan = try network.resolve(spec ?? "")
      if json {
        try Output.json(plan)
      } else {
        try Output.text(LayerTable(plan).text() + "in one line: \(plan.spec.line)\n")
      }
    }
  }

  private func listPresets() throws {
    let rows = try Preset.all.map { preset in
      PresetRow(
        name: preset.name, input: preset.spec.input.dimensions, classes: preset.spec.classes,
        parameters: try NetworkPlan(preset.spec).total.parameters,
        macs: try NetworkPlan(preset.spec).total.macs, source: preset.source)
    }
    if json { return try Output.json(rows) }
    let table = TextTable(
      columns: [
        .init("preset"), .init("input"), .init("classes", .trailing),
        .init("parameters", .trailing), .init("MACs", .trailing), .init("source"),
      ],
      rows: rows.map {
        [
          $0.name, $0.input.map(String.init).joined(separator: "×"), "\($0.classes)",
          NumberText.grouped($0.parameters), NumberText.grouped($0.macs), $0.source,
        ]
      })
    try Output.text(table.text())
  }
}

private struct PresetRow: Encodable {
  let name: String
  let input: [Int]
  let classes: Int
  let parameters: Int
  let macs: Int
  let source: String
}
