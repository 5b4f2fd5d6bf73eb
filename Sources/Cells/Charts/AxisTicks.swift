import Foundation

/// What an axis counts, which says how its numbers are written and which of them are round.
public enum AxisUnit: Hashable, Sendable {
  case number
  /// Parts of one, shown in percents.
  case fraction
  /// Seconds, shown as a time span.
  case duration
  /// Seconds since 1970, shown as the time of day in UTC.
  case clock
}

/// Round numbers along an axis.
public struct AxisTicks: Equatable, Sendable {
  /// Ascending, all within the axis' range.
  public let values: [Double]
  /// Digits after the point that tell neighbours apart.
  public let decimals: Int
  public var unit = AxisUnit.number
  private var isLogarithmic = false

  init(values: [Double], decimals: Int, unit: AxisUnit = .number) {
    self.values = values
    self.decimals = decimals
    self.unit = unit
  }

  /// Multiples of 1, 2 or 5 times a power of ten, about `count` of them.
  public static func linear(from low: Double, to high: Double, count: Int) -> AxisTicks {
    guard low.isFinite, high.isFinite, high > low, count > 0 else {
      return AxisTicks(values: low.isFinite ? [low] : [], decimals: 2)
    }
    let rough = (high - low) / Double(count)
    let power = pow(10, floor(log10(rough)))
    let step = power * ([1, 2, 5, 10].first { $0 * power >= rough * 0.999 } ?? 10)
    guard step > 0, step.isFinite else { return AxisTicks(values: [low, high], decimals: 2) }
    let first = (low / step - 1e-9).rounded(.up)
    let last = (high / step + 1e-9).rounded(.down)
    guard last >= first, last - first < 1000 else {
      return AxisTicks(values: [low, high], decimals: 2)
    }
    let values = stride(from: first, through: last, by: 1).map { $0 * step }
    return AxisTicks(values: values, decimals: max(0, Int(-floor(log10(step * 1.0001)))))
  }

  /// Whole seconds, minutes, hours or days, about `count` of them.
  ///
  /// - Parameter unit: `duration` or `clock`; the range is in seconds.
  public static func time(
    from low: Double, to high: Double, count: Int, unit: AxisUnit
  ) -> AxisTicks {
    guard low.isFinite, high.isFinite, high > low, count > 0 else {
      return AxisTicks(values: [], decimals: 0, unit: unit)
    }
    let rough = (high - low) / Double(count)
    let day = 86_400.0
    let step =
      timeSteps.first { $0 >= rough * 0.999 }
      ?? day * linear(from: 0, to: (high - low) / day, count: count).step
    let values = stride(
      from: (low / step).rounded(.up), through: (high / step).rounded(.down), by: 1
    )
    .prefix(1000).map { $0 * step }
    return AxisTicks(values: Array(values), decimals: 0, unit: unit)
  }

  /// Seconds between two ticks of a time axis, up to a day.
  private static let timeSteps: [Double] = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
  ]

  /// Between the first two values.
  private var step: Double { values.count > 1 ? values[1] - values[0] : 1 }

  /// Powers of ten, and 2 and 5 times those where there is room, on a logarithmic axis.
  public static func logarithmic(from low: Double, to high: Double, count: Int) -> AxisTicks {
    guard low > 0, high > low, count > 0 else { return AxisTicks(values: [], decimals: 2) }
    let decades = Int(floor(log10(low)))...Int(floor(log10(high)))
    func ticks(_ multiples: [Double]) -> [Double] {
      decades.flatMap { decade in multiples.map { $0 * pow(10, Double(decade)) } }
        .filter { $0 >= low * 0.9999 && $0 <= high * 1.0001 }
    }
    let choices = [[1, 2, 5], [1, 3], [1]].map(ticks)
    var values = choices.first { $0.count <= count } ?? choices[2]
    if values.count < 2, let finest = choices.first, finest.count >= 2 { values = finest }
    if values.count < 2 { return linear(from: low, to: high, count: count) }
    if values.count > count {
      let every = (values.count + count - 1) / count
      values = values.enumerated().filter { $0.offset.isMultiple(of: every) }.map(\.element)
    }
    let smallest = values.first ?? 1
    var ticks = AxisTicks(
      values: values, decimals: max(0, Int(-floor(log10(smallest * 1.0001)))))
    ticks.isLogarithmic = true
    return ticks
  }

  /// The numbers as labels: with the same digits after the point, or in short where they are large.
  public var labels: [String] {
    switch unit {
    case .number: break
    case .fraction:
      return values.map { NumberText.fixed($0 * 100, decimals: max(0, decimals - 2)) + "%" }
    case .duration: return values.map { NumberText.duration(seconds: $0, resolution: step) }
    case .clock: return values.map { NumberText.clock($0, withSeconds: step < 60) }
    }
    let largest = values.map { abs($0) }.max() ?? 0
    // Those that tell a value from the next.
    let places = floor(log10(largest)) - floor(log10(step * 1.0001)) + 1
    let digits = isLogarithmic ? 2 : Int(min(15, max(2, places)))
    return values.map { value in
      if abs(value) >= 1e15 { return NumberText.scientific(value, digits: digits) }
      if decimals > 5, isLogarithmic || largest < 1e-3 {
        return NumberText.trimmed(value, digits: digits)
      }
      guard largest >= 10_000, decimals == 0 else {
        return NumberText.fixed(value, decimals: decimals)
      }
      return shortened(value)
    }
  }

  private func shortened(_ value: Double) -> String {
    for (unit, suffix) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]
    where abs(value) >= unit {
      // As many decimals as the value has, and no more than the step has.
      let most = Int(min(15, max(2, (-log10(step / unit) - 1e-9).rounded(.up))))
      let digits = (0..<most).first { digits in
        let scaled = value / unit * pow(10, Double(digits))
        return scaled == scaled.rounded()
      }
      return NumberText.fixed(value / unit, decimals: digits ?? most) + suffix
    }
    return NumberText.fixed(value, decimals: 0)
  }
}
