import Cells
import EventLog
import Experiments

/// How the errors of some finished runs are distributed: for each error, the share of the runs whose last
/// validation error is no greater (Radosavovic et al. 2019, arXiv:1905.13214, equation 1). Each experiment
/// has a curve of its own, and so have the runs of a sweep that differ in their seed alone: design spaces
/// are compared by it.
struct RunErrors {
  /// The runs of one experiment or variant.
  struct Distribution: Equatable {
    var name: String
    /// Parts of the validation images, ascending.
    var errors: [Double]
  }

  /// In the order in which they first occur.
  let distributions: [Distribution]

  init(_ entries: [RunEntry]) {
    var found: [Distribution] = []
    for entry in entries {
      // A foreign log does not say whether its run has ended.
      guard entry.listing.state == .finished || entry.listing.status == nil && !entry.hasWorker,
        let accuracy = entry.number(.accuracy), accuracy.isFinite
      else { continue }
      let name = Self.name(of: entry.listing)
      let index = found.firstIndex { $0.name == name } ?? found.count
      if index == found.count { found.append(Distribution(name: name, errors: [])) }
      found[index].errors.append(1 - accuracy)
    }
    for index in found.indices { found[index].errors.sort() }
    distributions = found
  }

  /// Of a run that names its seed, what it is called besides.
  private static func name(of listing: RunListing) -> String {
    var group = listing
    group.id = listing.idWithoutSeed == listing.id ? "" : listing.idWithoutSeed
    return group.name
  }

  func chart(theme: Theme) -> LineChart {
    var chart = LineChart(
      lines: [], xLabel: "error", xUnit: .fraction, isPercent: true,
      emptyText: "No finished run has a validation accuracy.")
    for (index, distribution) in distributions.enumerated() {
      let count = distribution.errors.count
      var points: [LineChart.Point] = []
      for (rank, error) in distribution.errors.enumerated() {
        // A step at each run.
        points.append(LineChart.Point(x: error, y: Double(rank) / Double(count)))
        points.append(LineChart.Point(x: error, y: Double(rank + 1) / Double(count)))
      }
      let median = NumberText.fixed(100 * distribution.errors[(count - 1) / 2], decimals: 2)
      chart.lines.append(
        LineChart.Line(
          name: distribution.name, style: theme.series(index), points: points,
          latest: "half up to \(median) %, of \(count)"))
    }
    return chart
  }
}
