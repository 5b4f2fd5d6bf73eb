import Cells
import EventLog
import Experiments

/// How the table of runs is shown.
struct RunView: Sendable, Equatable {
  /// nil for those at work first, then the newest.
  var sort: RunColumn?
  /// The largest first; else the smallest.
  var isDescending = true
  /// Paths of runs that are not shown.
  var hidden: Set<String> = []
  /// Hidden runs are shown all the same.
  var showsHidden = false
}

/// The runs that the table shows, in their order.
struct RunRows {
  /// Indices of the list's entries.
  let order: [Int]

  init(_ state: State) {
    let view = state.runView
    let entries = state.runs.entries
    let query = state.filters[.runs].map { RunQuery($0) }
    var rows = entries.indices.filter { index in
      (view.showsHidden || !view.hidden.contains(entries[index].listing.path))
        && query?.matches(entries[index]) != false
    }
    if let sort = view.sort {
      rows = Self.sorted(rows, entries, by: sort, isDescending: view.isDescending)
    }
    order = rows
  }

  private static func sorted(
    _ rows: [Int], _ entries: [RunEntry], by column: RunColumn, isDescending: Bool
  ) -> [Int] {
    switch column {
    case .experiment, .run, .state, .note:
      let texts = rows.map { entries[$0].text(column) }
      return rows.indices.sorted { a, b in
        texts[a] == texts[b] ? a < b : (texts[a] > texts[b]) == isDescending
      }.map { rows[$0] }
    default:
      return rows.map { entries[$0].number(column) }.order(isDescending: isDescending)
        .map { rows[$0] }
    }
  }

  /// Where an entry of the list stands; the first position where it is not shown.
  func position(of entry: Int) -> Int { order.firstIndex(of: entry) ?? 0 }
}

extension RunEntry {
  /// The words in a column; empty for numbers.
  func text(_ column: RunColumn) -> String {
    switch column {
    case .state: listing.state?.rawValue ?? ""
    case .experiment: title ?? listing.experiment
    case .run: listing.id
    case .note: note ?? ""
    default: ""
    }
  }
}
