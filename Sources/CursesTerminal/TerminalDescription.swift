import CTerminal
public import Cells

/// What the environment and terminfo say about a terminal.
public struct TerminalDescription: Hashable, Sendable {
  /// The name in TERM.
  public var type: String
  /// How many colours may be used: none where NO_COLOR is set.
  public var colorDepth: ColorDepth
  /// Whether the locale's encoding is UTF-8; if not, only ASCII is sure to be shown.
  public var isUTF8: Bool
  /// Full-screen programs get a screen of their own, and the shell's comes back after them.
  public var hasAlternateScreen: Bool
  public var hasMouse: Bool

  public init(
    type: String, colorDepth: ColorDepth, isUTF8: Bool, hasAlternateScreen: Bool, hasMouse: Bool
  ) {
    self.type = type
    self.colorDepth = colorDepth
    self.isUTF8 = isUTF8
    self.hasAlternateScreen = hasAlternateScreen
    self.hasMouse = hasMouse
  }

  /// Describes the terminal on standard input and output without touching it.
  ///
  /// - Throws: `TerminalError` where no full-screen session can run there. A terminal without
  ///   colours, or a locale other than UTF-8, is not an error.
  @MainActor
  public static func current() throws(TerminalError) -> TerminalDescription {
    guard ct_input_is_terminal() else { throw .notATerminal(stream: "standard input") }
    guard ct_output_is_terminal() else { throw .notATerminal(stream: "standard output") }
    return try named()
  }

  /// Describes the terminal that the environment names, whether or not there is one.
  ///
  /// - Throws: `TerminalError` as `current()`.
  @MainActor
  public static func named() throws(TerminalError) -> TerminalDescription {
    guard let type = ct_terminal_type().map({ String(cString: $0) }), !type.isEmpty else {
      throw .typeNotSet
    }
    var description = try TerminalDescription(type: type)
    if refusesColor { description.colorDepth = .monochrome }
    description.isUTF8 = LocaleDescription.current().isUTF8
    return description
  }

  /// NO_COLOR is set.
  public static var refusesColor: Bool { ct_refuses_color() }

  /// What terminfo says about `type`.
  init(type: String) throws(TerminalError) {
    var entry = ct_description()
    guard ct_describe(type, &entry) else { throw .unknownType(type) }
    guard entry.can_address_cursor else { throw .cannotPlaceCursor(type: type) }
    self.type = type
    colorDepth =
      switch entry.colors {
      case (1 << 24)... where entry.has_direct_color: .trueColor
      case 256...: .colors256
      case 16...: .colors16
      case 8...: .colors8
      default: .monochrome
      }
    isUTF8 = false
    hasAlternateScreen = entry.has_alternate_screen
    hasMouse = entry.has_mouse
  }
}
