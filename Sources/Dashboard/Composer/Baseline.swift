import Architecture

/// The network that the composer's costs are compared with.
struct Baseline: Sendable {
  let name: String
  let plan: NetworkPlan
  let precision: Precision
  /// The user chose it; else it is the preset or the experiment that the draft started from.
  let isPinned: Bool
}

/// What differs between a network and the baseline.
enum PlanDifference {
  /// Which rows of `plan` the other has not, or has otherwise; empty where there is none.
  static func changedRows(of plan: NetworkPlan, from other: NetworkPlan) -> [Bool] {
    var changed = [Bool](repeating: false, count: plan.layers.count)
    // Mostly the rows stand where they stood; a map of all is needed only behind an insertion.
    var rest: [String: LayerPlan]?
    for (index, layer) in plan.layers.enumerated() {
      if other.layers.indices.contains(index) {
        if other.layers[index].isSame(as: layer) { continue }
        if other.layers[index].name == layer.name {
          changed[index] = true
          continue
        }
      }
      if rest == nil {
        rest = Dictionary(
          other.layers.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
      }
      if rest?[layer.name]?.isSame(as: layer) != true { changed[index] = true }
    }
    return changed.contains(true) ? changed : []
  }
}

extension LayerPlan {
  /// Equal in all that a table shows; where the inputs stand may differ.
  fileprivate func isSame(as other: LayerPlan) -> Bool {
    name == other.name && operation == other.operation && output == other.output
      && parameterCount == other.parameterCount && macs == other.macs
  }
}
