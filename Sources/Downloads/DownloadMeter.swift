/// How fast a download is, from what came within the last seconds.
public struct DownloadMeter: Sendable {
  /// Seconds that the rate is taken over.
  static let window = 5.0

  private let total: Int
  /// Seconds and bytes, the oldest first; one of them at or before the window's beginning.
  private var samples: [(seconds: Double, bytes: Int)] = []

  /// - Parameter total: bytes of the whole file.
  public init(total: Int) { self.total = total }

  /// - Parameters:
  ///   - bytes: that are there.
  ///   - seconds: of a clock that never goes back.
  public mutating func record(_ bytes: Int, at seconds: Double) {
    // It began again.
    if let last = samples.last, bytes < last.bytes { samples = [] }
    samples.append((seconds, bytes))
    while samples.count > 2, samples[1].seconds <= seconds - Self.window { samples.removeFirst() }
  }

  /// Bytes a second; nil before there is a span of time to tell it from.
  public var rate: Double? {
    guard let first = samples.first, let last = samples.last, last.seconds > first.seconds else {
      return nil
    }
    return Double(last.bytes - first.bytes) / (last.seconds - first.seconds)
  }

  /// Seconds until all is there, at the present rate; nil where nothing comes.
  public var remaining: Double? {
    guard let rate, rate > 0, let last = samples.last else { return nil }
    return Double(max(0, total - last.bytes)) / rate
  }
}
