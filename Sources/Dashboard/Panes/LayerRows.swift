import Architecture
import Cells
import EventLog

/// How the layer table is shown.
struct LayerView: Sendable, Equatable {
  /// What training does to the layers, where a run's log tells; else what they cost.
  var showsTraining = true
  /// nil for the order of execution.
  var sort: LayerColumn?
  /// The largest first; else the smallest.
  var isDescending = true
}

/// The rows of the layer table in the order in which they are shown.
struct LayerRows {
  let plan: NetworkPlan
  /// nil where the table shows a draft, or the log has none.
  let records: LayerRecords?
  let columns: [LayerColumn]
  let sort: LayerColumn?
  /// Indices of rows of the plan; nil for all in their order.
  private let order: [Int]?

  init?(_ state: State) {
    guard let plan = state.shownPlan else { return nil }
    self.plan = plan
    let view = state.layerView
    let records = state.showsDraft ? nil : state.runs.shownEntry.flatMap { LayerRecords($0) }
    self.records = records
    let columns =
      view.showsTraining && records != nil ? LayerColumn.training : LayerColumn.costs
    self.columns = columns
    let sort = view.sort.flatMap { columns.contains($0) ? $0 : nil }
    self.sort = sort
    let words = (state.filters[.layers] ?? "").lowercased().split(separator: " ")
    guard sort != nil || !words.isEmpty else {
      order = nil
      return
    }
    var rows = plan.layers.indices.filter { row in
      let text = "\(plan.layers[row].name) \(plan.layers[row].kind)".lowercased()
      return words.allSatisfy { text.contains($0) }
    }
    if let sort {
      rows = rows.map { Self.key(sort, row: $0, plan, records) }
        .order(isDescending: view.isDescending).map { rows[$0] }
    }
    order = rows
  }

  var count: Int { order?.count ?? plan.layers.count }

  /// The row of the plan that stands at a position.
  func row(at position: Int) -> Int? {
    guard (0..<count).contains(position) else { return nil }
    return order?[position] ?? position
  }

  /// Whether a row of the plan is among them.
  func contains(_ row: Int) -> Bool { order?.contains(row) ?? plan.layers.indices.contains(row) }

  /// Where a row of the plan stands; the first position where it is not shown.
  func position(of row: Int) -> Int {
    guard let order else { return min(row, max(0, count - 1)) }
    return order.firstIndex(of: row) ?? 0
  }

  private static func key(
    _ column: LayerColumn, row: Int, _ plan: NetworkPlan, _ records: LayerRecords?
  ) -> Double? {
    let layer = plan.layers[row]
    func positive(_ value: Int) -> Double? { value > 0 ? Double(value) : nil }
    return switch column {
    case .name: Double(row)
    // By the alphabet, from its end where the largest comes first.
    case .kind:
      (Array(layer.kind.utf8) + Array(repeating: 0, count: 6)).prefix(6)
        .reduce(0) { $0 * 256 + Double($1) }
    case .output: Double(layer.output.count)
    case .kernel: layer.window.map { Double($0.kernel) }
    case .stride: layer.window.map { Double($0.stride) }
    case .groups: layer.groups.map(Double.init)
    case .parameters: positive(layer.parameterCount)
    case .macs: positive(layer.macs)
    default: records?.value(column, row: row)
    }
  }
}
