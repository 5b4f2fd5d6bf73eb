import Foundation

/// A colour by how it is seen: lightness and two axes of colour, in which equal distances look
/// about equally different (Ottosson, "A perceptual color space for image processing", 2020).
struct Oklab {
  /// Lightness, 0 to 1; green–red; blue–yellow.
  var lightness, a, b: Double

  init(lightness: Double, a: Double, b: Double) {
    self.lightness = lightness
    self.a = a
    self.b = b
  }

  init(red: UInt8, green: UInt8, blue: UInt8) {
    let r = Self.linear(red)
    let g = Self.linear(green)
    let b = Self.linear(blue)
    let l = cbrt(0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b)
    let m = cbrt(0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b)
    let s = cbrt(0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b)
    self.init(
      lightness: 0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
      a: 1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s,
      b: 0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s)
  }

  /// Distance from grey.
  var chroma: Double { (a * a + b * b).squareRoot() }

  /// The nearest 24-bit colour.
  var color: Color {
    let l = pow(lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b, 3)
    let m = pow(lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b, 3)
    let s = pow(lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b, 3)
    return .rgb(
      Self.gammaEncoded(4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s),
      Self.gammaEncoded(-1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s),
      Self.gammaEncoded(-0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s))
  }

  func mixed(with other: Oklab, _ fraction: Double) -> Oklab {
    Oklab(
      lightness: lightness + (other.lightness - lightness) * fraction,
      a: a + (other.a - a) * fraction, b: b + (other.b - b) * fraction)
  }

  private static func linear(_ value: UInt8) -> Double {
    let c = Double(value) / 255
    return c <= 0.040_45 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4)
  }

  private static func gammaEncoded(_ value: Double) -> UInt8 {
    let c = value <= 0.003_130_8 ? value * 12.92 : 1.055 * pow(value, 1 / 2.4) - 0.055
    return UInt8((min(1, max(0, c)) * 255).rounded())
  }
}

extension Color {
  /// The colour `fraction` of the way to `other`; the terminal's own colour mixes with nothing.
  public func mixed(with other: Color, _ fraction: Double) -> Color {
    guard case .rgb(let r, let g, let b) = self, case .rgb(let r2, let g2, let b2) = other else {
      return self
    }
    return Oklab(red: r, green: g, blue: b)
      .mixed(with: Oklab(red: r2, green: g2, blue: b2), fraction).color
  }

  /// How light it looks, 0 to 1; nil for the terminal's own.
  var lightness: Double? {
    guard case .rgb(let red, let green, let blue) = self else { return nil }
    return Oklab(red: red, green: green, blue: blue).lightness
  }

  /// 24-bit sRGB as `0xRRGGBB`.
  public static func hex(_ value: UInt32) -> Color {
    .rgb(
      UInt8(truncatingIfNeeded: value >> 16), UInt8(truncatingIfNeeded: value >> 8),
      UInt8(truncatingIfNeeded: value))
  }
}
