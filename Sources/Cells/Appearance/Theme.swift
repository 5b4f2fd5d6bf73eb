/// Named roles of style, so that no widget names a colour.
public struct Theme: Sendable {
  public let name: String
  /// The cells that nothing is drawn on.
  public var ground = Style.plain
  /// The background that colours fade towards: the terminal's own is not known.
  public var fadeTarget: Color
  public var text, muted, faint, accent: Style
  public var border, borderFocused, title, titleFocused: Style
  /// The selected row where the keys go, and in a pane without the focus.
  public var selection, selectionUnfocused: Style
  public var header, emphasis: Style
  public var good, warning, bad: Style
  public var train, validation: Style
  /// Curves and rows of several runs, in their order.
  public var series: [Style]
  public var axis, grid: Style
  public var keyHint, keyLabel: Style
  public var input, cursor: Style
  public var gaugeTrack: Style
  /// From a small to a large share.
  public var progress: Gradient

  /// All the themes, in the order in which users meet them.
  public static let all = [dark, light, highContrast, colorBlind, monochrome]

  public static func named(_ name: String) -> Theme? { all.first { $0.name == name } }

  /// The style of the `index`th series; they come round again.
  public func series(_ index: Int) -> Style {
    series[((index % series.count) + series.count) % series.count]
  }

  /// `style` stepped back, as a raw curve under its smoothed one.
  public func faded(_ style: Style) -> Style {
    guard case .rgb = style.foreground else {
      return Style(
        foreground: style.foreground, background: style.background,
        attributes: style.attributes.subtracting(.bold).union(.dim))
    }
    return Style(
      foreground: style.foreground.mixed(with: fadeTarget, 0.55), background: style.background,
      attributes: style.attributes.subtracting(.bold))
  }

  /// Ink is dark on it.
  public var isLight: Bool { (fadeTarget.lightness ?? 0) > 0.5 }

  /// A cell of a heat map: its ground is `style`'s colour, as far as `share` (0 to 1) says.
  public func heat(_ style: Style, share: Double) -> Style {
    guard case .rgb = style.foreground else {
      return share > 0 ? style : faint
    }
    let ground = fadeTarget.mixed(with: style.foreground, max(0, min(1, share)))
    let isDark = (ground.lightness ?? 0) < 0.62
    return Style(foreground: isDark ? .hex(0xFFFFFF) : .hex(0x000000), background: ground)
  }

  public static let dark = Theme(
    name: "dark",
    fadeTarget: .hex(0x14181F),
    text: foreground(0xD5DAE3), muted: foreground(0x8A93A5), faint: foreground(0x555E70),
    accent: foreground(0x7CC7FF),
    border: foreground(0x4B566B), borderFocused: foreground(0x7CC7FF),
    title: foreground(0xB4BDCC, .bold), titleFocused: foreground(0xFFFFFF, .bold),
    selection: Style(
      foreground: .hex(0xFFFFFF), background: .hex(0x1F5A9E), attributes: .bold),
    selectionUnfocused: Style(foreground: .hex(0xE4E8EF), background: .hex(0x3A4252)),
    header: foreground(0x9FB4D0, .bold), emphasis: foreground(0xFFFFFF, .bold),
    good: foreground(0x5FD38D), warning: foreground(0xF2C14E), bad: foreground(0xFF6B6B, .bold),
    train: foreground(0x5AB0FF), validation: foreground(0xFFA94D),
    series: [
      foreground(0x5AB0FF), foreground(0xFFA94D), foreground(0x5FD38D), foreground(0xE58AC4),
      foreground(0xF4E04D), foreground(0xFF6F59), foreground(0xA994FF), foreground(0x4DD6CE),
    ],
    axis: foreground(0x6B768A), grid: foreground(0x353D4B),
    keyHint: foreground(0xFFD479, .bold), keyLabel: foreground(0x9AA3B5),
    input: Style(foreground: .hex(0xFFFFFF), background: .hex(0x2C3F5C)),
    cursor: Style(foreground: .hex(0x10141A), background: .hex(0xFFD479)),
    gaugeTrack: foreground(0x3A4252),
    progress: Gradient(.hex(0x3E7BD6), .hex(0x46B5D1), .hex(0x5FD38D)))

  public static let light = Theme(
    name: "light",
    fadeTarget: .hex(0xFFFFFF),
    text: foreground(0x24292F), muted: foreground(0x5C6673), faint: foreground(0x98A1AC),
    accent: foreground(0x0A62B8),
    border: foreground(0xA6B0BC), borderFocused: foreground(0x0A62B8),
    title: foreground(0x3D4650, .bold), titleFocused: foreground(0x000000, .bold),
    selection: Style(
      foreground: .hex(0xFFFFFF), background: .hex(0x1667B7), attributes: .bold),
    selectionUnfocused: Style(foreground: .hex(0x24292F), background: .hex(0xD7DEE7)),
    header: foreground(0x38597F, .bold), emphasis: foreground(0x000000, .bold),
    good: foreground(0x12803C), warning: foreground(0x946200), bad: foreground(0xC2202B, .bold),
    train: foreground(0x0B63C4), validation: foreground(0xC25A00),
    series: [
      foreground(0x0B63C4), foreground(0xC25A00), foreground(0x12803C), foreground(0xB0307F),
      foreground(0x8A6D00), foreground(0xC2202B), foreground(0x6A3FC8), foreground(0x007A80),
    ],
    axis: foreground(0x7A8490), grid: foreground(0xD9DEE4),
    keyHint: foreground(0x8A4B00, .bold), keyLabel: foreground(0x5C6673),
    input: Style(foreground: .hex(0x000000), background: .hex(0xDCE9F8)),
    cursor: Style(foreground: .hex(0xFFFFFF), background: .hex(0x8A4B00)),
    gaugeTrack: foreground(0xC9D0D8),
    progress: Gradient(.hex(0x1F5FBF), .hex(0x0F8BA0), .hex(0x12803C)))

  /// For a black background: white, and colours that are far from it and from each other.
  public static let highContrast = Theme(
    name: "high-contrast",
    fadeTarget: .hex(0x000000),
    text: foreground(0xFFFFFF), muted: foreground(0xDADADA), faint: foreground(0xB0B0B0),
    accent: foreground(0x00FFFF, .bold),
    border: foreground(0xC0C0C0), borderFocused: foreground(0x00FFFF, .bold),
    title: foreground(0xFFFFFF, .bold), titleFocused: foreground(0x00FFFF, .bold),
    selection: Style(
      foreground: .hex(0x000000), background: .hex(0xFFFF00), attributes: .bold),
    selectionUnfocused: Style(foreground: .hex(0x000000), background: .hex(0xC0C0C0)),
    header: foreground(0xFFFFFF, [.bold, .underline]), emphasis: foreground(0xFFFFFF, .bold),
    good: foreground(0x00FF7F, .bold), warning: foreground(0xFFFF00, .bold),
    bad: foreground(0xFF6060, .bold),
    train: foreground(0x00BFFF), validation: foreground(0xFFB000, .bold),
    series: [
      foreground(0x00BFFF), foreground(0xFFB000), foreground(0x00FF7F), foreground(0xFF80FF),
      foreground(0xFFFF00), foreground(0xFF6060), foreground(0xC0A0FF), foreground(0x00FFFF),
    ],
    axis: foreground(0xDADADA), grid: foreground(0x606060),
    keyHint: foreground(0xFFFF00, .bold), keyLabel: foreground(0xFFFFFF),
    input: Style(foreground: .hex(0x000000), background: .hex(0xFFFFFF)),
    cursor: Style(foreground: .hex(0x000000), background: .hex(0xFFFF00)),
    gaugeTrack: foreground(0x808080),
    progress: Gradient(.hex(0x00BFFF), .hex(0x00FFFF), .hex(0x00FF7F)))

  /// Hues that people with any common colour blindness tell apart: the palette of Okabe and Ito,
  /// "Color Universal Design" (2008); good and bad differ as blue and vermilion.
  public static let colorBlind = Theme(
    name: "color-blind",
    fadeTarget: .hex(0x14181F),
    text: foreground(0xE2E5EA), muted: foreground(0x9BA3AF), faint: foreground(0x6B7280),
    accent: foreground(0x56B4E9),
    border: foreground(0x566070), borderFocused: foreground(0x56B4E9),
    title: foreground(0xC2C9D3, .bold), titleFocused: foreground(0xFFFFFF, .bold),
    selection: Style(
      foreground: .hex(0xFFFFFF), background: .hex(0x00558A), attributes: .bold),
    selectionUnfocused: Style(foreground: .hex(0xE4E8EF), background: .hex(0x3A4252)),
    header: foreground(0xA9C4DC, .bold), emphasis: foreground(0xFFFFFF, .bold),
    good: foreground(0x56B4E9), warning: foreground(0xF0E442), bad: foreground(0xD55E00, .bold),
    train: foreground(0x56B4E9), validation: foreground(0xE69F00),
    series: [
      foreground(0x56B4E9), foreground(0xE69F00), foreground(0x009E73), foreground(0xCC79A7),
      foreground(0xF0E442), foreground(0xD55E00), foreground(0x0072B2),
    ],
    axis: foreground(0x7C8798), grid: foreground(0x39424F),
    keyHint: foreground(0xF0E442, .bold), keyLabel: foreground(0xA5ADBA),
    input: Style(foreground: .hex(0xFFFFFF), background: .hex(0x2C3F5C)),
    cursor: Style(foreground: .hex(0x10141A), background: .hex(0xF0E442)),
    gaugeTrack: foreground(0x3A4252),
    progress: Gradient(.hex(0x0072B2), .hex(0x56B4E9), .hex(0x009E73)))

  /// Attributes only; what colour says elsewhere stands in a glyph or a word here.
  public static let monochrome = Theme(
    name: "monochrome",
    fadeTarget: .terminalDefault,
    text: .plain, muted: attributes(.dim), faint: attributes(.dim), accent: attributes(.bold),
    border: attributes(.dim), borderFocused: attributes(.bold), title: .plain,
    titleFocused: attributes(.bold), selection: attributes(.reverse),
    selectionUnfocused: attributes([.reverse, .dim]), header: attributes(.underline),
    emphasis: attributes(.bold), good: .plain, warning: attributes(.bold),
    bad: attributes([.bold, .reverse]), train: .plain, validation: attributes(.bold),
    series: [.plain, attributes(.bold), attributes(.dim)], axis: attributes(.dim),
    grid: attributes(.dim), keyHint: attributes(.bold), keyLabel: .plain,
    input: attributes(.underline), cursor: attributes(.reverse), gaugeTrack: attributes(.dim),
    progress: Gradient(.terminalDefault, .terminalDefault, .terminalDefault))

  private static func foreground(_ hex: UInt32, _ attributes: Style.Attributes = []) -> Style {
    Style(foreground: .hex(hex), attributes: attributes)
  }

  private static func attributes(_ attributes: Style.Attributes) -> Style {
    Style(attributes: attributes)
  }
}
