/// A scalar over the steps of a run, in bounded memory.
///
/// Samples are gathered in at most `Series.capacity` buckets of equally many; when these are full,
/// neighbours are merged. A bucket keeps its extremes, so that no spike is lost, and counts what was
/// no number.
public struct Series: Sendable, Equatable {
  /// Most buckets.
  public static let capacity = 4096

  public struct Sample: Sendable, Equatable {
    public var step: Int
    /// Seconds since 1970.
    public var wallTime: Double
    public var value: Double

    public init(step: Int, wallTime: Double, value: Double) {
      self.step = step
      self.wallTime = wallTime
      self.value = value
    }
  }

  /// Neighbouring samples.
  public struct Bucket: Sendable, Equatable {
    public var firstStep: Int
    public var lastStep: Int
    public var lastWallTime: Double
    /// Samples, with those that are no finite number.
    public var count: Int
    public var nonFiniteCount: Int
    /// Of the finite samples; +∞ and −∞ where there is none.
    public var minimum: Double
    public var maximum: Double
    /// Sum of the finite samples.
    public var sum: Double
    /// The last sample's value, finite or not.
    public var last: Double

    init(_ sample: Sample) {
      firstStep = sample.step
      lastStep = sample.step
      lastWallTime = sample.wallTime
      count = 1
      last = sample.value
      let isFinite = sample.value.isFinite
      nonFiniteCount = isFinite ? 0 : 1
      minimum = isFinite ? sample.value : .infinity
      maximum = isFinite ? sample.value : -.infinity
      sum = isFinite ? sample.value : 0
    }

    /// Mean of the finite samples; NaN where there is none.
    public var mean: Double { sum / Double(count - nonFiniteCount) }

    mutating func merge(_ later: Bucket) {
      lastStep = later.lastStep
      lastWallTime = later.lastWallTime
      count += later.count
      nonFiniteCount += later.nonFiniteCount
      minimum = min(minimum, later.minimum)
      maximum = max(maximum, later.maximum)
      sum += later.sum
      last = later.last
    }
  }

  public private(set) var buckets: [Bucket] = []
  /// Samples in a full bucket, a power of two; 1 while every sample stands by itself.
  public private(set) var samplesPerBucket = 1
  public private(set) var count = 0
  public private(set) var first: Sample?
  public private(set) var latest: Sample?
  /// The smallest and the largest finite sample, the first of equals.
  public private(set) var minimum: Sample?
  public private(set) var maximum: Sample?

  public init() {}

  /// Adds a sample. One at a step before the latest replaces what was recorded from that step on,
  /// as a run does that goes on from an earlier checkpoint.
  public mutating func append(_ sample: Sample) {
    if let latest, sample.step < latest.step { removeSamples(from: sample.step) }
    count += 1
    if first == nil { first = sample }
    latest = sample
    if sample.value.isFinite {
      if minimum.map({ sample.value < $0.value }) ?? true { minimum = sample }
      if maximum.map({ sample.value > $0.value }) ?? true { maximum = sample }
    }
    if let last = buckets.last, last.count < samplesPerBucket {
      buckets[buckets.count - 1].merge(Bucket(sample))
      return
    }
    if buckets.count == Self.capacity { halve() }
    if let last = buckets.last, last.count < samplesPerBucket {
      buckets[buckets.count - 1].merge(Bucket(sample))
    } else {
      buckets.append(Bucket(sample))
    }
  }

  /// Mean of the finite samples behind `step`; nil where there is none. Of merged samples, those that
  /// stand wholly behind it count.
  public func mean(after step: Int) -> Double? {
    let recent = buckets.filter { $0.firstStep > step }
    let count = recent.reduce(0) { $0 + $1.count - $1.nonFiniteCount }
    return count == 0 ? nil : recent.reduce(0) { $0 + $1.sum } / Double(count)
  }

  private mutating func halve() {
    buckets = stride(from: 0, to: buckets.count, by: 2).map { index in
      var bucket = buckets[index]
      if index + 1 < buckets.count { bucket.merge(buckets[index + 1]) }
      return bucket
    }
    samplesPerBucket *= 2
  }

  /// Forgets every bucket that reaches to `step` or beyond.
  private mutating func removeSamples(from step: Int) {
    buckets.removeAll { $0.lastStep >= step }
    count = buckets.reduce(0) { $0 + $1.count }
    latest = buckets.last.map {
      Sample(step: $0.lastStep, wallTime: $0.lastWallTime, value: $0.last)
    }
    if buckets.isEmpty { first = nil }
    func extreme(
      _ value: KeyPath<Bucket, Double>, _ isBetter: (Double, Double) -> Bool
    ) -> Sample? {
      let finite = buckets.filter { $0[keyPath: value].isFinite }
      return finite.reduce(nil as Sample?) { best, bucket in
        if let best, !isBetter(bucket[keyPath: value], best.value) { return best }
        return Sample(
          step: bucket.lastStep, wallTime: bucket.lastWallTime, value: bucket[keyPath: value])
      }
    }
    minimum = extreme(\.minimum, <)
    maximum = extreme(\.maximum, >)
  }
}
