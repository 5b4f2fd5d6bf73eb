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
    let spacing: Spacing
    /// Of the bottom row, in rows above 0.
    let first: Int
    /// No tick is greater.
    let limit: Double

    /// Values beyond which a row's number would not be exact.
    private static let greatestNumber = 1e9

    /// The finest that has room for all values, and two ticks; nil where numbers are too large or too
    /// close to be told apart.
    init?(spanning scale: AxisScale, rows: Int, unit: AxisUnit) {
      for spacing in Spacing.all(for: (scale.high - scale.low) / Double(rows), rows: rows) {
        let height = spacing.height
        let (low, high) = ((scale.low / height).rounded(), (scale.high / height).rounded())
        guard abs(low) < Self.greatestNumber, abs(high) < Self.greatestNumber else { continue }
        let spare = rows - 1 - (Int(high) - Int(low))
        guard spare >= 0 else { continue }
        // What is left goes to both ends, but not below 0, or above the whole of what are parts.
        var below = spare / 2
        let whole = (1 / height).rounded()
        let isPart = unit == .fraction && scale.high <= 1
        if isPart, whole < Self.greatestNumber {
          below = max(below, Int(high) + spare - Int(whole))
        }
        if scale.low >= 0 { below = Int(low) <= spare ? Int(low) : min(below, Int(low)) }
        let first = Int(low) - min(spare, below)
        guard spacing.numbers(from: first, rows: rows).count > 1 else { continue }
        self.spacing = spacing
        self.first = first
        limit = isPart ? 1 : .infinity
        return
      }
      return nil
    }

    func scale(rows: Int) -> AxisScale {
      AxisScale(
        low: (Double(first) - 0.5) * spacing.height,
        high: (Double(first + rows) - 0.5) * spacing.height, isLogarithmic: false)
    }

    func ticks(rows: Int, unit: AxisUnit) -> AxisTicks {
      AxisTicks(
        values: spacing.numbers(from: first, rows: rows).map {
          Double($0 / spacing.rowsPerTick) * spacing.step
        }.filter { $0 <= limit + spacing.height / 2 },
        decimals: max(0, Int(-floor(log10(spacing.step * 1.0001)))), unit: unit)
    }
  }

  /// A tick every few rows.
  private struct Spacing {
    /// From a tick to the next, in values.
    let step: Double
    let rowsPerTick: Int

    /// Of a row, in values.
    var height: Double { step / Double(rowsPerTick) }

    private static let enoughTicks = 4

    /// Of a step; more where rows are few, as a step much too large would leave most of them empty.
    private static func digits(rows: Int) -> [Double] {
      rows < 6 ? [1, 2, 3, 4, 5] : [1, 2, 5]
    }

    /// Of the rows with a tick.
    func numbers(from first: Int, rows: Int) -> [Int] {
      (first..<first + rows).filter { $0.isMultiple(of: rowsPerTick) }
    }

    /// Those with rows of about `height`, the finest first.
    static func all(for height: Double, rows: Int) -> [Spacing] {
      let power = floor(log10(height))
      var found: [Spacing] = []
      for decade in -1...2 {
        for digit in digits(rows: rows) {
          let step = digit * pow(10, power + Double(decade))
          for rowsPerTick in (rows < 4 ? 1 : 2)...max(2, min(5, rows / 2)) {
            let spacing = Spacing(step: step, rowsPerTick: rowsPerTick)
            if step.isNormal, spacing.height.isNormal { found.append(spacing) }
          }
        }
      }
      return found.sorted { $0.precedes($1, rows: rows) }
    }

    private func precedes(_ other: Spacing, rows: Int) -> Bool {
      guard abs(height - other.height) <= 1e-9 * height else { return height < other.height }
      // Of equal ones, that with the fewest ticks which are enough.
      let isEnough = rows / rowsPerTick >= Self.enoughTicks
      let isOtherEnough = rows / other.rowsPerTick >= Self.enoughTicks
      return isEnough == isOtherEnough ? rowsPerTick > other.rowsPerTick : isEnough
    }
  }
}
