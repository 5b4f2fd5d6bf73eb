import Architecture
import Cells
import EventLog
import Experiments

/// What the focused pane gives to the clipboard.
extension State {
  /// The text, and what it is in a word or two; nil where there is nothing to give.
  var clipping: (text: String, what: String)? {
    switch focus {
    case .composer: (composer.draft.network.line, "the network as one line")
    case .block: shownPlan.map { ($0.spec.line, "the network as one line") }
    case .layers: shownPlan.map { (Self.table(of: $0), "the layer table") }
    case .runs, .progress:
      (focus == .runs ? selectedRun : runs.shownEntry).map { ($0.listing.path, "the run's path") }
    case .predictions:
      runs.shownEntry?.illustrations.predictions?.table.map { ($0, "the confusion matrix") }
    case .loss, .accuracy, .scalars:
      focusedChart.values.map { ($0, charts.cursor == nil ? "the last values" : "the values") }
    }
  }

  /// Columns separated by tabs, as spreadsheets take them.
  private static func table(of plan: NetworkPlan) -> String {
    let rows = plan.layers.map { layer in
      [
        layer.name, layer.kind,
        layer.outputDimensions.map(String.init).joined(separator: "x"),
        "\(layer.parameterCount)", "\(layer.macs)",
      ]
    }
    return ([["name", "kind", "output", "parameters", "macs"]] + rows)
      .map { $0.joined(separator: "\t") }.joined(separator: "\n") + "\n"
  }
}

extension Predictions {
  /// The confusion matrix, its columns separated by tabs; nil where there is none.
  fileprivate var table: String? {
    confusion.map { rows in
      let header = [""] + rows.indices.map(name)
      let lines = rows.enumerated().map { [name(of: $0.offset)] + $0.element.map(String.init) }
      return ([header] + lines).map { $0.joined(separator: "\t") + "\n" }.joined()
    }
  }
}

extension ScalarChart {
  /// `run,tag,step,value` of each curve, at the cursor if there is one; nil without a curve.
  var values: String? {
    let axis = axis
    let cursor = cursor(axis)
    let lines = runs.flatMap { run in
      guard let placing = AxisPlacing(axis, of: run.entry) else { return [String]() }
      return curves.compactMap { curve in
        run.entry.history.series(curve.tag).flatMap { reading($0, placing, cursor) }.map {
          "\(run.entry.listing.path),\(curve.tag),\($0.step),\($0.value)"
        }
      }
    }
    return lines.isEmpty ? nil : (["run,tag,step,value"] + lines).joined(separator: "\n") + "\n"
  }
}
