import Architecture
import Cells

/// What the layer table's keys do to the state.
extension State {
  /// Selects the row that stands `count` positions further down.
  mutating func moveLayer(by count: Int) {
    guard let rows = LayerRows(self), rows.count > 0 else { return }
    let position = (rows.position(of: layerRow) + count).clamped(to: 0...rows.count - 1)
    layerRow = rows.row(at: position) ?? layerRow
  }

  /// Sorts by the next column of the table; after the last one, in the order of execution.
  mutating func cycleSort() {
    guard let rows = LayerRows(self) else { return }
    let columns = rows.columns.dropFirst()
    switch rows.sort {
    case nil: layerView.sort = columns.first
    case let sort?:
      layerView.sort = columns.drop { $0 != sort }.dropFirst().first
    }
    if let row = LayerRows(self)?.row(at: 0) { layerRow = row }
    if let sort = layerView.sort { say("sorted by \(sort.meaning); s goes on, r reverses") }
  }
}
