import Foundation

extension AxisScale {
  /// The scale of an upright axis of so many rows, and its ticks. On a linear one every tick stands in
  /// the middle of a row, and every row for as much, so that what is drawn at a tick's value is drawn in
  /// its row; a logarithmic one stays as it is.
  func upright(rows: Int, unit: AxisUnit) -> (scale: AxisScale, ticks: AxisTicks) {
    guard !isLogarithmic, rows > 1, let lattice = Lattice(spanning: self, rows: rows, unit: unit)
    else { return (self, ticks(count: max(2, rows / 2), unit: unit)) }
    return (lattice.scale(rows: rows), lattice.ticks(rows: rows, unit: unit))
  }

  /// Rows of equal height in values, with a tick every few.
  private struct Lattice {
    /// Value of a tick's step, and in how many rows it lies.
    let step: Double
    let rowsPerTick: Int
    /// Of the bottom row, in rows above 0.
    let first: Int

    private var height: Double { step / Double(rowsPerTick) }

    private static let enoughTicks = 4
    /// Values beyond which a row's number would not be exact.
    private static let greatestNumber = 1e9

    /// The finest that has room for all values; nil where numbers are too large to be told apart.
    init?(spanning scale: AxisScale, rows: Int, unit: AxisUnit) {
      let power = floor(log10((scale.high - scale.low) / Double(rows)))
      let intervals = 2...max(2, min(5, rows / 2))
      let candidates = (-1...2).flatMap { decade in
        [1.0, 2, 5].flatMap { digit in
          intervals.map { (step: digit * pow(10, power + Double(decade)), rowsPerTick: $0) }
        }
      }.sorted { a, b in
        let (finer, coarser) = (a.step / Double(a.rowsPerTick), b.step / Double(b.rowsPerTick))
        guard abs(finer - coarser) <= 1e-9 * coarser else { return finer < coarser }
        // Of equal ones, that with the fewest ticks which are enough.
        let hasEnough = [a, b].map { rows / $0.rowsPerTick >= Self.enoughTicks }
        return hasEnough[0] == hasEnough[1]
          ? a.rowsPerTick > b.rowsPerTick : hasEnough[0]
      }
      for (step, rowsPerTick) in candidates {
        let height = step / Double(rowsPerTick)
        let (low, high) = ((scale.low / height).rounded(), (scale.high / height).rounded())
        guard abs(low) < Self.greatestNumber, abs(high) < Self.greatestNumber else { continue }
        let spare = rows - 1 - (Int(high) - Int(low))
        guard spare >= 0 else { continue }
        // What is left goes to both ends, but not below 0, or above the whole of what are parts.
        var below = spare / 2
        if unit == .fraction, scale.high <= 1 {
          below = max(below, Int(high) + spare - Int((1 / height).rounded()))
        }
        if scale.low >= 0 { below = Int(low) <= spare ? Int(low) : min(below, Int(low)) }
        self.step = step
        self.rowsPerTick = rowsPerTick
        first = Int(low) - min(spare, below)
        return
      }
      return nil
    }

    func scale(rows: Int) -> AxisScale {
      AxisScale(
        low: (Double(first) - 0.5) * height, high: (Double(first + rows) - 0.5) * height,
        isLogarithmic: false)
    }

    func ticks(rows: Int, unit: AxisUnit) -> AxisTicks {
      let numbers = (first..<first + rows).filter { $0.isMultiple(of: rowsPerTick) }
      return AxisTicks(
        values: numbers.map { Double($0 / rowsPerTick) * step },
        decimals: max(0, Int(-floor(log10(step * 1.0001)))), unit: unit)
    }
  }
}
