/// How many colours a terminal or a file shows.
public enum ColorDepth: Int, Hashable, Sendable, Comparable, CaseIterable {
  /// Attributes only.
  case monochrome = 1
  case colors8 = 8
  case colors16 = 16
  case colors256 = 256
  /// 24 bits.
  case trueColor = 16_777_216

  public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}
