import Foundation

/// Maps values to 0…1 along an axis.
struct AxisScale: Equatable {
  let low: Double
  let high: Double
  let isLogarithmic: Bool

  init(low: Double, high: Double, isLogarithmic: Bool) {
    self.low = low
    self.high = high
    self.isLogarithmic = isLogarithmic
  }

  /// Spans `values`; a single value gets room around it, a logarithmic axis a little air at both ends. On
  /// that only what is above 0 counts; nil where nothing does.
  init?(spanning values: ClosedRange<Double>?, isLogarithmic: Bool) {
    guard let values else { return nil }
    var low = values.lowerBound
    var high = values.upperBound
    if isLogarithmic {
      guard low > 0 else { return nil }
      if high / low < 1.02 {
        low /= 1.1
        high *= 1.1
      } else {
        let air = pow(high / low, 0.03)
        low /= air
        high *= air
      }
    } else if high - low <= abs(high) * 1e-9 {
      let air = abs(high) > 0 ? abs(high) * 0.1 : 1
      low -= air
      high += air
    } else {
      // An axis that starts near 0 starts at 0.
      if low >= 0, low < (high - low) * 0.13 { low = 0 }
    }
    guard low.isFinite, high.isFinite, high > low else { return nil }
    self.init(low: low, high: high, isLogarithmic: isLogarithmic)
  }

  /// 0 at `low`, 1 at `high`; nil for what has no place on the axis.
  func position(_ value: Double) -> Double? {
    guard value.isFinite else { return nil }
    if isLogarithmic {
      guard value > 0 else { return nil }
      return log(value / low) / log(high / low)
    }
    return (value - low) / (high - low)
  }

  /// The row from the top, of `count`, that holds a position on an upright axis; the nearest for what lies
  /// beyond its ends.
  static func row(at position: Double, of count: Int) -> Int {
    min(count - 1, Int((1 - min(1, max(0, position))) * Double(count)))
  }

  func ticks(count: Int, unit: AxisUnit = .number) -> AxisTicks {
    if unit == .duration || unit == .clock {
      return .time(from: low, to: high, count: count, unit: unit)
    }
    var ticks: AxisTicks =
      isLogarithmic
      ? .logarithmic(from: low, to: high, count: count)
      : .linear(from: low, to: high, count: count)
    ticks.unit = unit
    return ticks
  }
}
