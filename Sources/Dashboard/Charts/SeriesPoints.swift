import Cells
import EventLog
import Foundation

/// A series as a chart draws it: for each column at most one point, with the extremes of what falls
/// into it.
struct SeriesPoints {
  /// As recorded.
  private(set) var raw: [LineChart.Point] = []
  /// Their exponential moving average; empty without smoothing.
  private(set) var smoothed: [LineChart.Point] = []
  /// Samples that the visible points stand for, with those that are no finite number.
  private(set) var count = 0
  private(set) var nonFiniteCount = 0
  /// A point stands for more than one sample.
  private(set) var isSummary = false

  /// - Parameters:
  ///   - range: what is visible of the x axis.
  ///   - columns: points to make of it at most, about.
  ///   - smoothing: weight of the past, from one sample to the next; 0 for none.
  init(
    _ series: Series, _ placing: AxisPlacing, in range: ClosedRange<Double>, columns: Int,
    smoothing: Double
  ) {
    let width = (range.upperBound - range.lowerBound) / Double(max(1, columns))
    var average = Average(weight: smoothing)
    var column = Int.min
    var pending = Pending()
    // The neighbours outside, so that a curve reaches the edge.
    var before: Pending?
    var after: Pending?
    for bucket in series.buckets {
      let x = placing.x(step: bucket.lastStep, wallTime: bucket.lastWallTime)
      if smoothing > 0 { average.take(bucket) }
      if x < range.lowerBound {
        before = Pending(bucket, x: x, average: average.value)
      } else if x > range.upperBound {
        after = Pending(bucket, x: x, average: average.value)
        if placing.axis.countsSteps { break }
      } else {
        count += bucket.count
        nonFiniteCount += bucket.nonFiniteCount
        let place = width > 0 ? Int((x - range.lowerBound) / width) : 0
        if place != column {
          append(pending, smoothing)
          pending = Pending()
          column = place
        }
        pending.add(bucket, x: x, average: average.value)
      }
    }
    append(pending, smoothing)
    isSummary = count > raw.count
    extend(&raw, \.point, to: range, from: before, to: after)
    if smoothing > 0 { extend(&smoothed, \.smoothedPoint, to: range, from: before, to: after) }
  }

  private mutating func append(_ pending: Pending, _ smoothing: Double) {
    guard pending.count > 0 else { return }
    raw.append(pending.point)
    if smoothing > 0 { smoothed.append(pending.smoothedPoint) }
  }

  /// Adds the points at which a curve crosses the edges of what is visible.
  private func extend(
    _ points: inout [LineChart.Point], _ point: KeyPath<Pending, LineChart.Point>,
    to range: ClosedRange<Double>, from before: Pending?, to after: Pending?
  ) {
    let (before, after) = (before?[keyPath: point], after?[keyPath: point])
    if let before, let first = points.first ?? after {
      points.insert(Self.between(before, first, x: range.lowerBound), at: 0)
    }
    if let after, let last = points.last {
      points.append(Self.between(last, after, x: range.upperBound))
    }
  }

  private static func between(
    _ a: LineChart.Point, _ b: LineChart.Point, x: Double
  ) -> LineChart.Point {
    let fraction = b.x > a.x ? (x - a.x) / (b.x - a.x) : 0
    return LineChart.Point(x: x, y: a.y + fraction * (b.y - a.y))
  }

  /// Neighbouring buckets that share a column.
  private struct Pending {
    var count = 0
    /// Of the first and of the last bucket: the point stands between them.
    private var first = 0.0
    private var last = 0.0
    private var sum = 0.0
    private var finite = 0
    private var low = Double.infinity
    private var high = -Double.infinity
    private var average = Double.nan

    init() {}

    init(_ bucket: Series.Bucket, x: Double, average: Double) {
      add(bucket, x: x, average: average)
    }

    mutating func add(_ bucket: Series.Bucket, x: Double, average: Double) {
      count += bucket.count
      finite += bucket.count - bucket.nonFiniteCount
      sum += bucket.sum
      low = min(low, bucket.minimum)
      high = max(high, bucket.maximum)
      if count == bucket.count { first = x }
      last = x
      self.average = average
    }

    private var x: Double { (first + last) / 2 }

    var point: LineChart.Point {
      LineChart.Point(
        x: x, y: sum / Double(finite), low: finite > 0 ? low : .nan, high: finite > 0 ? high : .nan,
        hasGap: finite < count)
    }

    var smoothedPoint: LineChart.Point {
      let y = finite > 0 ? average : .nan
      return LineChart.Point(x: x, y: y, low: y, high: y, hasGap: false)
    }
  }

  /// Exponential moving average with TensorBoard's correction for the missing past. A bucket of
  /// several samples counts as that many.
  private struct Average {
    private let weight: Double
    private var sum = 0.0
    private var past = 1.0
    /// `weight` to the power of `power`, for the bucket before had as many samples.
    private var power = 1
    private var kept: Double

    init(weight: Double) {
      self.weight = weight
      kept = weight
    }

    mutating func take(_ bucket: Series.Bucket) {
      let finite = bucket.count - bucket.nonFiniteCount
      guard finite > 0 else { return }
      if finite != power {
        power = finite
        kept = pow(weight, Double(finite))
      }
      sum = sum * kept + (1 - kept) * bucket.mean
      past *= kept
    }

    var value: Double { sum / (1 - past) }
  }
}

extension Series {
  /// The last of the buckets that have been reached; those come first. nil where none has.
  func lastBucket(where isReached: (Bucket) -> Bool) -> Bucket? {
    var (low, high) = (0, buckets.count)
    while low < high {
      let middle = (low + high) / 2
      if isReached(buckets[middle]) { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? buckets[low - 1] : nil
  }
}
