/// One event of a log: the values of one step.
public struct LogEvent: Sendable, Equatable {
  /// Seconds since 1970.
  public var wallTime: Double
  /// Within `stepLimit` on both sides of 0.
  public let step: Int
  /// Empty for the version record and for kinds of summary that are not read.
  public var values: [LogValue]

  /// A step beyond it counts as that: a `Double` tells all steps apart.
  public static let stepLimit = 1 << 53

  public init(wallTime: Double, step: Int, values: [LogValue]) {
    self.wallTime = wallTime
    self.step = max(-Self.stepLimit, min(step, Self.stepLimit))
    self.values = values
  }
}

public enum LogValue: Sendable, Equatable {
  case scalar(tag: String, value: Float)
  case text(tag: String, text: String)
  case image(tag: String, LogImage)

  public var tag: String {
    switch self {
    case .scalar(let tag, _), .text(let tag, _), .image(let tag, _): tag
    }
  }

  var isScalar: Bool { if case .scalar = self { true } else { false } }
}

/// An image summary.
public struct LogImage: Sendable, Equatable {
  /// Pixels, as the log says.
  public var width, height: Int
  /// 1 grey, 3 RGB, 4 RGBA, as the log says; 0 where it does not.
  public var channels: Int
  /// A PNG, unless another program wrote something else.
  public var bytes: [UInt8]

  public init(width: Int, height: Int, channels: Int, bytes: [UInt8]) {
    self.width = width
    self.height = height
    self.channels = channels
    self.bytes = bytes
  }
}
