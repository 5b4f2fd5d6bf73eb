import Cells
import Foundation

/// Milliseconds that something took, over and over.
struct Timing {
  private var times: [Double] = []

  mutating func measure(_ body: () throws -> Void) rethrows {
    let clock = ContinuousClock()
    let start = clock.now
    try body()
    times.append((clock.now - start) / .milliseconds(1))
  }

  /// The value that `fraction` (0..1) of the times are not above.
  func quantile(_ fraction: Double) -> Double {
    let sorted = times.sorted()
    return sorted[min(sorted.count - 1, Int(Double(sorted.count) * fraction))]
  }

  var median: Double { quantile(0.5) }

  /// Prints median and 99 %, and says whether the median is within `bound`, with half as much again
  /// for a busy machine.
  func report(_ what: String, bound: Double) -> Bool {
    let (middle, worst) = (
      NumberText.fixed(median, decimals: 2), NumberText.fixed(quantile(0.99), decimals: 2)
    )
    print(
      "\(what): median \(middle) ms, 99 % below \(worst) ms (\(times.count) times); wanted "
        + "below \(NumberText.trimmed(bound)) ms")
    return median <= bound * 1.5
  }
}
