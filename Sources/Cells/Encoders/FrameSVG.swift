/// A frame as one SVG picture: nothing is loaded from anywhere, the text can be selected, and the
/// colours are the theme's.
public enum FrameSVG {
  /// Pixels.
  private static let cellWidth = 9
  private static let cellHeight = 19
  /// A digit of the first font is 0.602 of it wide: a cell.
  private static let fontSize = "14.95"
  private static let margin = 12
  /// Pictures are made of it.
  private static let upperHalf: Character = "▀"
  private static let halfHeight = "9.5"

  /// - Parameters:
  ///   - theme: gives the colours that a frame leaves to the terminal.
  ///   - title: what screen readers say of the picture.
  public static func encode(_ frame: Frame, theme: Theme, title: String = "") -> String {
    let (width, height) = (
      frame.size.width * cellWidth + 2 * margin, frame.size.height * cellHeight + 2 * margin
    )
    let colors = Colors(theme)
    var svg = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" \
      height="\(height)" role="img">
      <title>\(escaped(Sanitizer.sanitize(title)))</title>
      <rect width="\(width)" height="\(height)" rx="6" fill="\(colors.background)"/>
      <g font-family="'DejaVu Sans Mono', 'Menlo', 'Consolas', 'Noto Sans Mono', monospace" \
      font-size="\(fontSize)" xml:space="preserve">

      """
    var plots = Plots()
    for y in 0..<frame.size.height {
      for run in runs(of: frame, row: y) { append(run, y: y, colors, &plots, to: &svg) }
    }
    svg += "</g>\n<g stroke-width=\"2.4\" stroke-linecap=\"round\">\n"
    for (color, path) in plots.dots.sorted(by: { $0.key < $1.key }) {
      svg += "<path stroke=\"\(color)\" d=\"\(path)\"/>\n"
    }
    guard !plots.halves.isEmpty else { return svg + "</g>\n</svg>\n" }
    // Without soft edges, between which the ground would shine through.
    svg += "</g>\n<g shape-rendering=\"crispEdges\">\n"
    for (color, path) in plots.halves.sorted(by: { $0.key < $1.key }) {
      svg += "<path fill=\"\(color)\" d=\"\(path)\"/>\n"
    }
    return svg + "</g>\n</svg>\n"
  }

  /// What is drawn and not written, by its colour: the dots of braille cells, and halves of cells.
  private struct Plots {
    var dots: [String: String] = [:]
    var halves: [String: String] = [:]
  }

  /// Neighbouring cells of one style.
  private struct Run {
    var width: Int
    var glyphs: [Character]
    var style: Style
    /// Of each glyph.
    var columns: [Int]

    var x: Int { columns[0] }
  }

  private static func runs(of frame: Frame, row: Int) -> [Run] {
    var runs: [Run] = []
    for x in 0..<frame.size.width {
      let cell = frame[x, row]
      guard let glyph = cell.glyph else {
        // The second half of a wide glyph.
        if !runs.isEmpty { runs[runs.count - 1].width += 1 }
        continue
      }
      if var last = runs.last, last.style == cell.style {
        last.glyphs.append(glyph)
        last.width += 1
        last.columns.append(x)
        runs[runs.count - 1] = last
      } else {
        runs.append(Run(width: 1, glyphs: [glyph], style: cell.style, columns: [x]))
      }
    }
    return runs
  }

  private static func append(
    _ run: Run, y: Int, _ colors: Colors, _ plots: inout Plots, to svg: inout String
  ) {
    let (foreground, background) = colors.of(run.style)
    let (x, top) = (margin + run.x * cellWidth, margin + y * cellHeight)
    let width = run.width * cellWidth
    if run.glyphs.allSatisfy({ $0 == upperHalf }) {
      let half = "h\(width)v\(halfHeight)h-\(width)z"
      plots.halves[foreground, default: ""] += "M\(x) \(top)\(half)"
      plots.halves[background, default: ""] += "M\(x) \(decimal(20 * top + 190))\(half)"
      return
    }
    if background != colors.background {
      svg +=
        "<rect x=\"\(x)\" y=\"\(top)\" width=\"\(width)\" height=\"\(cellHeight)\" "
        + "fill=\"\(background)\"/>\n"
    }
    // Plots are drawn: few fonts have braille as wide as the rest.
    for (glyph, column) in zip(run.glyphs, run.columns) {
      guard let pattern = braillePattern(glyph) else { continue }
      plots.dots[foreground, default: ""] += path(
        of: pattern, x: margin + column * cellWidth, y: top)
    }
    let glyphs = run.glyphs.map { braillePattern($0) == nil ? $0 : " " }
    guard glyphs.contains(where: { $0 != " " }) else { return }
    var attributes = "fill=\"\(foreground)\""
    if run.style.attributes.contains(.bold) { attributes += " font-weight=\"bold\"" }
    if run.style.attributes.contains(.italic) { attributes += " font-style=\"italic\"" }
    if run.style.attributes.contains(.underline) { attributes += " text-decoration=\"underline\"" }
    if run.style.attributes.contains(.dim) { attributes += " opacity=\"0.65\"" }
    // Whatever font there is, a run is as wide as its cells. What is not ASCII may come from a font of
    // other widths: each glyph has its place, which its combining marks share.
    let place =
      glyphs.allSatisfy(\.isASCII)
      ? "x=\"\(x)\" textLength=\"\(width)\" lengthAdjust=\"spacingAndGlyphs\""
      : "x=\"\(places(of: glyphs, at: run.columns))\""
    let text = escaped(String(glyphs))
    svg += "<text \(place) y=\"\(top + cellHeight - 5)\" \(attributes)>\(text)</text>\n"
  }

  /// SVG counts code points.
  private static func places(of glyphs: [Character], at columns: [Int]) -> String {
    zip(glyphs, columns).flatMap { glyph, column in
      glyph.unicodeScalars.map { _ in "\(margin + column * cellWidth)" }
    }.joined(separator: " ")
  }

  private static func braillePattern(_ glyph: Character) -> UInt8? {
    guard let scalar = glyph.unicodeScalars.first, (0x2800...0x28FF).contains(scalar.value) else {
      return nil
    }
    return UInt8(scalar.value - 0x2800)
  }

  /// The dots of a braille cell as points of a path.
  private static func path(of pattern: UInt8, x: Int, y: Int) -> String {
    var path = ""
    for bit in 0..<8 where pattern & (1 << UInt8(bit)) != 0 {
      // Down the left column, down the right one, then the bottom row.
      let column = bit < 6 ? bit / 3 : bit - 6
      let row = bit < 6 ? bit % 3 : 3
      let (left, down) = (20 * x + 45 + 90 * column, 20 * y + 48 + 95 * row)
      path += "M\(decimal(left)) \(decimal(down))h0"
    }
    return path
  }

  /// A number of twentieths.
  private static func decimal(_ value: Int) -> String {
    let (whole, rest) = (value / 20, value % 20 * 5)
    return rest == 0
      ? "\(whole)"
      : rest % 10 == 0
        ? "\(whole).\(rest / 10)"
        : "\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }

  /// What a picture shows of styles: it has no terminal with colours of its own.
  private struct Colors {
    let background: String
    private let foreground: String

    init(_ theme: Theme) {
      background = Self.hex(theme.fadeTarget) ?? "#000000"
      foreground = Self.hex(theme.text.foreground) ?? "#E5E5E5"
    }

    func of(_ style: Style) -> (foreground: String, background: String) {
      let pair = (
        Self.hex(style.foreground) ?? foreground, Self.hex(style.background) ?? background
      )
      return style.attributes.contains(.reverse) ? (pair.1, pair.0) : pair
    }

    private static func hex(_ color: Color) -> String? {
      guard case .rgb(let red, let green, let blue) = color else { return nil }
      return "#"
        + [red, green, blue].map { byte in
          let digits = String(byte, radix: 16, uppercase: true)
          return digits.count == 1 ? "0\(digits)" : digits
        }.joined()
    }
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      // XML has no place for other control characters.
      case _ where scalar.value < 0x20 || scalar.value == 0x7F: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
