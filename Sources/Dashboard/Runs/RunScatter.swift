import Cells
import EventLog
import Experiments

/// What a scatter holds accuracies against.
enum ScatterAxis: String, Sendable, CaseIterable {
  case parameters, macs, time

  var label: String {
    switch self {
    case .parameters: "parameters"
    case .macs: "MACs"
    case .time: "seconds"
    }
  }

  private var column: RunColumn {
    switch self {
    case .parameters: .parameters
    case .macs: .macs
    case .time: .time
    }
  }

  func cost(of entry: RunEntry) -> Double? { entry.number(column) }
}

/// The best accuracies of some runs against what they cost, with the Pareto front: the runs that no
/// other beats in both.
struct RunScatter {
  let entries: [RunEntry]
  let axis: ScatterAxis
  let names: RunNames

  /// A run that has both numbers.
  struct Item: Equatable {
    var index: Int
    var cost: Double
    var accuracy: Double
  }

  init(_ entries: [RunEntry], axis: ScatterAxis) {
    self.entries = entries
    self.axis = axis
    names = RunNames(entries)
  }

  /// By cost.
  var items: [Item] {
    entries.indices.compactMap { index in
      guard let cost = axis.cost(of: entries[index]), cost > 0,
        let accuracy = entries[index].number(.best)
      else { return nil }
      return Item(index: index, cost: cost, accuracy: accuracy)
    }.sorted { ($0.cost, -$0.accuracy, $0.index) < ($1.cost, -$1.accuracy, $1.index) }
  }

  /// Of `items`, those that are better than every cheaper one.
  static func front(_ items: [Item]) -> [Item] {
    ParetoFront.indices(costs: items.map(\.cost), values: items.map(\.accuracy)).map { items[$0] }
  }

  func chart(theme: Theme) -> LineChart {
    let items = items
    let front = Self.front(items)
    var chart = LineChart(
      lines: [], xLabel: axis.label, isPercent: true,
      emptyText: "No run has both a validation accuracy and its \(axis.label).")
    chart.isXLogarithmic = true
    func points(_ items: [Item]) -> [LineChart.Point] {
      items.map { LineChart.Point(x: $0.cost, y: $0.accuracy) }
    }
    chart.lines.append(
      LineChart.Line(
        name: "Pareto front", style: theme.accent, points: points(front),
        latest: "\(front.count) of \(items.count) runs"))
    // The front's labels come first. Runs that are beaten stand alone: a curve through them would say
    // nothing.
    for item in front + items.filter({ !front.contains($0) }) {
      let isBest = front.contains(item)
      chart.lines.append(
        LineChart.Line(
          name: nil, style: isBest ? theme.accent : theme.muted, points: points([item]),
          isMarked: true, depth: 1))
      chart.labels.append(
        LineChart.Label(
          x: item.cost, y: item.accuracy,
          text: names.name(of: entries[item.index].listing),
          style: isBest ? theme.text : theme.faint))
    }
    return chart
  }
}
