/// A scale of colours through three given ones, computed once in `Oklab`.
public struct Gradient: Hashable, Sendable {
  private let colors: [Color]
  private static let steps = 64

  public init(_ low: Color, _ middle: Color, _ high: Color) {
    colors = (0...Self.steps).map { step in
      let position = Double(step) / Double(Self.steps) * 2
      return position <= 1
        ? low.mixed(with: middle, position) : middle.mixed(with: high, position - 1)
    }
  }

  /// The colour at `position` between 0 and 1; beyond, and for NaN, the nearest end.
  public func color(at position: Double) -> Color {
    colors[Int(max(0, min(1, position.isNaN ? 0 : position)) * Double(Self.steps))]
  }
}
