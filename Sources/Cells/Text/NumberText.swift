import Foundation

/// Numbers as a dashboard writes them, independent of any locale.
public enum NumberText {
  /// `value` with exactly `decimals` digits after the point; `NaN`, `inf`, `-inf` by name.
  public static func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite else { return name(ofNonFinite: value) }
    let decimals = min(max(0, decimals), 15)
    let power = pow(10, Double(decimals))
    let scaled = (abs(value) * power).rounded()
    guard scaled < 9e15 else { return scientific(value, digits: 4) }
    let whole = UInt64(scaled)
    let unit = UInt64(power)
    let sign = value < 0 && whole > 0 ? "-" : ""
    guard decimals > 0 else { return "\(sign)\(whole)" }
    let fraction = String(whole % unit)
    let zeros = String(repeating: "0", count: decimals - fraction.count)
    return "\(sign)\(whole / unit).\(zeros)\(fraction)"
  }

  /// About `digits` significant digits, as a metric is read: `0.3121`, `12.35`, `1.2e-5`,
  /// `4.57e8`; below 0.1 three of them will do: `0.0312`.
  public static func significant(_ value: Double, digits: Int = 4) -> String {
    guard value.isFinite else { return name(ofNonFinite: value) }
    guard value != 0 else { return "0" }
    let exponent = Int(floor(log10(abs(value))))
    if exponent < -3 || exponent > 6 { return scientific(value, digits: digits) }
    func decimals(_ exponent: Int) -> Int {
      max(0, min(digits - 1 - exponent, max(digits, 2 - exponent)))
    }
    // It may round up to the next power of ten.
    let unit = pow(10, Double(decimals(exponent)))
    let isNext = (abs(value) * unit).rounded() >= unit * pow(10, Double(exponent + 1))
    return fixed(value, decimals: decimals(isNext ? exponent + 1 : exponent))
  }

  /// As `significant`, without zeros at the end: `0.05`.
  public static func trimmed(_ value: Double, digits: Int = 4) -> String {
    var text = significant(value, digits: digits)
    guard text.contains("."), !text.contains("e") else { return text }
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }

  /// With an SI prefix: `950`, `1.2 k`, `25.56 M`, `4.09 G`; from 10¹⁵ on scientific.
  public static func compact(_ value: Double) -> String {
    guard value.isFinite else { return name(ofNonFinite: value) }
    let magnitude = abs(value)
    // Each limit is where the number below would round up to 1000 of its unit.
    if magnitude < 999.5 {
      return fixed(value, decimals: magnitude < 10 && value != value.rounded() ? 2 : 0)
    }
    if magnitude < 999_950 { return "\(fixed(value / 1e3, decimals: 1)) k" }
    if magnitude < 999.995e6 { return "\(fixed(value / 1e6, decimals: 2)) M" }
    if magnitude < 999.995e9 { return "\(fixed(value / 1e9, decimals: 2)) G" }
    if magnitude < 999.995e12 { return "\(fixed(value / 1e12, decimals: 2)) T" }
    return scientific(value, digits: 4)
  }

  /// A number of bytes with an SI prefix: `56.20 MB`.
  public static func bytes(_ value: Double) -> String {
    let number = compact(value)
    return number.contains(" ") ? "\(number)B" : "\(number) B"
  }

  /// Thousands apart: `11,689,512`.
  public static func grouped(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var text = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// As the other where `value` is whole and exact; else as `significant`.
  public static func grouped(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 0x1p53 ? grouped(Int(value)) : significant(value)
  }

  /// A fraction as a percentage: 0.9312 gives `93.1 %`.
  public static func percent(_ fraction: Double, decimals: Int = 1) -> String {
    "\(fixed(fraction * 100, decimals: decimals)) %"
  }

  /// A time span: `00:42`, `12:07`, `1h02m`, `3d04h`; `--:--` where it is unknown or negative.
  ///
  /// - Parameter resolution: seconds between spans that are to be told apart: `1h02m15s`, `3d04h05m`.
  public static func duration(seconds: Double, resolution: Double = .infinity) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e12 else { return "--:--" }
    let total = Int(seconds.rounded(.down))
    if total < 3600 { return "\(twoDigits(total / 60)):\(twoDigits(total % 60))" }
    let (hours, minutes) = (total / 3600, "\(twoDigits(total / 60 % 60))m")
    let rest = resolution < 60 ? "\(twoDigits(total % 60))s" : ""
    if total < 86_400 { return "\(hours)h\(minutes)\(rest)" }
    return "\(hours / 24)d\(twoDigits(hours % 24))h" + (resolution < 3600 ? minutes + rest : "")
  }

  /// The time of day in UTC of some seconds since 1970: `13:05`, or `13:05:09`; `--:--` where there
  /// is none.
  public static func clock(_ seconds: Double, withSeconds: Bool = false) -> String {
    guard seconds.isFinite, abs(seconds) < 1e15 else { return "--:--" }
    let whole = Int(seconds.rounded(.down))
    let second = ((whole % 86_400) + 86_400) % 86_400
    let minutes = "\(twoDigits(second / 3600)):\(twoDigits(second / 60 % 60))"
    return withSeconds ? "\(minutes):\(twoDigits(second % 60))" : minutes
  }

  /// `1.23e-5`, trailing zeros cut.
  public static func scientific(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return name(ofNonFinite: value) }
    guard value != 0 else { return "0" }
    var exponent = Int(floor(log10(abs(value))))
    // Two steps, because 10^308 times a subnormal would overflow on the way.
    let half = exponent / 2
    var mantissa = value / pow(10, Double(half)) / pow(10, Double(exponent - half))
    let unit = pow(10, Double(digits - 1))
    mantissa = (mantissa * unit).rounded() / unit
    if abs(mantissa) >= 10 {
      mantissa /= 10
      exponent += 1
    }
    var text = fixed(mantissa, decimals: digits - 1)
    if text.contains(".") {
      while text.hasSuffix("0") { text.removeLast() }
      if text.hasSuffix(".") { text.removeLast() }
    }
    return "\(text)e\(exponent)"
  }

  private static func name(ofNonFinite value: Double) -> String {
    value.isNaN ? "NaN" : value < 0 ? "-inf" : "inf"
  }

  private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
