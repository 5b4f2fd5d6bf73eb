import Architecture
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

/// The best accuracies of some runs against what they cost, with the Pareto front: those that no other
/// beats in both. Runs that differ in their seed alone are one point, their mean, with the range of their
/// accuracies.
struct RunScatter {
  let entries: [RunEntry]
  let axis: ScatterAxis
  let names: RunNames

  /// A run that has both numbers, or several of different seeds.
  struct Item: Equatable {
    /// Of the first entry.
    var index: Int
    var cost: Double
    var accuracy: Double
    /// Of a single run's, its accuracy.
    var range: ClosedRange<Double>
    var count: Int

    init(index: Int, costs: [Double], accuracies: [Double]) {
      self.index = index
      count = accuracies.count
      cost = costs.reduce(0, +) / Double(count)
      accuracy = accuracies.reduce(0, +) / Double(count)
      range = (accuracies.min() ?? accuracy)...(accuracies.max() ?? accuracy)
    }
  }

  init(_ entries: [RunEntry], axis: ScatterAxis) {
    self.entries = entries
    self.axis = axis
    names = RunNames(entries)
  }

  /// By cost.
  var items: [Item] {
    var groups: [(index: Int, costs: [Double], accuracies: [Double])] = []
    var places: [[String]: Int] = [:]
    for (index, entry) in entries.enumerated() {
      guard let cost = axis.cost(of: entry), cost > 0, let accuracy = entry.number(.best) else {
        continue
      }
      let key = Self.allButSeed(of: entry) ?? ["\(index)"]
      if let place = places[key] {
        groups[place].costs.append(cost)
        groups[place].accuracies.append(accuracy)
      } else {
        places[key] = groups.count
        groups.append((index, [cost], [accuracy]))
      }
    }
    return groups.map { Item(index: $0.index, costs: $0.costs, accuracies: $0.accuracies) }
      .sorted { ($0.cost, -$0.accuracy, $0.index) < ($1.cost, -$1.accuracy, $1.index) }
  }

  /// What runs of the same experiment have in common that differ in their seed alone, as they have grown;
  /// nil for what is not known to be an experiment's.
  private static func allButSeed(of entry: RunEntry) -> [String]? {
    guard !entry.settings.isEmpty else { return nil }
    return [entry.listing.experiment]
      + entry.settings.filter { $0.key != "seed" }.map { "\($0.key): \($0.value)" }
      + entry.growths.map { "stage \($0.growth.stage): \($0.growth.blocks)" }
  }

  /// Of `items`, those that are better than every cheaper one.
  static func front(_ items: [Item]) -> [Item] {
    ParetoFront.indices(costs: items.map(\.cost), values: items.map(\.accuracy)).map { items[$0] }
  }

  /// A run's name; of several, what their names have besides the seeds, and how many they are.
  private func name(of item: Item) -> String {
    let listing = entries[item.index].listing
    guard item.count > 1 else { return names.name(of: listing) }
    return "\(names.groupName(of: listing)) (\(item.count))"
  }

  func chart(theme: Theme) -> LineChart {
    let items = items
    let front = Self.front(items)
    let hasMeans = items.contains { $0.count > 1 }
    var chart = LineChart(
      lines: [], xLabel: axis.label, isPercent: true,
      emptyText: "No run has both a validation accuracy and its \(axis.label).",
      note: hasMeans ? "means over the seeds, from the least to the greatest" : nil)
    chart.isXLogarithmic = true
    chart.lines.append(
      LineChart.Line(
        name: "Pareto front", style: theme.accent,
        points: front.map { LineChart.Point(x: $0.cost, y: $0.accuracy) },
        latest: "\(front.count) of \(items.count) \(hasMeans ? "means" : "runs")"))
    // The front's labels come first. Runs that are beaten stand alone: a curve through them would say
    // nothing.
    for item in front + items.filter({ !front.contains($0) }) {
      let isBest = front.contains(item)
      chart.lines.append(
        LineChart.Line(
          name: nil, style: isBest ? theme.accent : theme.muted,
          points: [
            LineChart.Point(
              x: item.cost, y: item.accuracy, low: item.range.lowerBound,
              high: item.range.upperBound, hasGap: false)
          ],
          mark: .point, depth: 1))
      chart.labels.append(
        LineChart.Label(
          x: item.cost, y: item.accuracy, text: name(of: item),
          style: isBest ? theme.text : theme.muted))
    }
    return chart
  }
}
