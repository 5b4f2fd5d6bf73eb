/// Maps colours onto the numbered ones of a terminal, by the nearest in `Oklab`.
///
/// Lightness counts less than colour, and a colour that is seen as one never becomes a grey: on a
/// dashboard the hue says which curve it is.
public enum Palette {
  /// The number of the terminal's colour nearest to `color`; `nil` where no number applies: for
  /// the terminal's own colours, for greys among eight colours, and where colours are not shown or
  /// shown as they are.
  public static func index(of color: Color, depth: ColorDepth) -> Int? {
    guard case .rgb(let red, let green, let blue) = color else { return nil }
    let wanted = Oklab(red: red, green: green, blue: blue)
    return switch depth {
    case .monochrome, .trueColor: nil
    // Of eight colours only black and white are greys, and either may be the background.
    case .colors8 where wanted.chroma < leastChroma && wanted.lightness > leastLightness: nil
    case .colors8: nearest(to: wanted, among: 0..<8, lightnessWeight: 0.7)
    case .colors16: nearest(to: wanted, among: 0..<16, lightnessWeight: 0.5)
    // The first sixteen are left out: users redefine them.
    case .colors256: nearest(to: wanted, among: 16..<256, lightnessWeight: 0.7)
    }
  }

  /// What a terminal shows for one of the 256 numbers, as xterm ships them.
  public static func color(at index: Int) -> Color {
    switch index {
    case ..<16: Color.hex(basic[max(0, index)])
    case ..<232:
      .rgb(cubeLevel((index - 16) / 36), cubeLevel((index - 16) / 6), cubeLevel(index - 16))
    default: .rgb(greyLevel(index), greyLevel(index), greyLevel(index))
    }
  }

  private static let basic: [UInt32] = [
    0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5, 0x7F7F7F,
    0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
  ]

  /// Chroma from which a colour is seen as one.
  private static let leastChroma = 0.04

  /// Up to here a grey is black.
  private static let leastLightness = 0.25

  private static let seen: [Oklab] = (0..<256).map { index in
    guard case .rgb(let red, let green, let blue) = color(at: index) else { preconditionFailure() }
    return Oklab(red: red, green: green, blue: blue)
  }

  private static func nearest(
    to wanted: Oklab, among indices: Range<Int>, lightnessWeight: Double
  ) -> Int {
    let colored = wanted.chroma >= leastChroma
    // In a small palette a colour keeps its hue: both sides are compared at full chroma.
    let scale = colored && indices.count <= 16 ? 0.2 / wanted.chroma : 1
    var best = indices.lowerBound
    var least = Double.infinity
    for index in indices {
      let candidate = seen[index]
      if colored && candidate.chroma < leastChroma { continue }
      let candidateScale = scale == 1 ? 1 : 0.2 / candidate.chroma
      let lightness = (candidate.lightness - wanted.lightness) * lightnessWeight
      let a = candidate.a * candidateScale - wanted.a * scale
      let b = candidate.b * candidateScale - wanted.b * scale
      let distance = lightness * lightness + a * a + b * b
      if distance < least {
        least = distance
        best = index
      }
    }
    return best
  }

  private static func cubeLevel(_ digit: Int) -> UInt8 {
    let level = digit % 6
    return level == 0 ? 0 : UInt8(55 + 40 * level)
  }

  private static func greyLevel(_ index: Int) -> UInt8 { UInt8(8 + 10 * (min(index, 255) - 232)) }
}
