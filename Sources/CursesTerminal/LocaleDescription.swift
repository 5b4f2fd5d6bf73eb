import CTerminal

/// The locale that the environment names for characters, and what the screen may hold by it.
public struct LocaleDescription: Hashable, Sendable {
  /// LC_ALL, LC_CTYPE or LANG, whichever decides; nil where none is set.
  public var variable: String?
  /// `C` where none is set.
  public var name: String
  /// Whether the system has it. For one of UTF-8 that is missing, C.UTF-8 stands in.
  public var isInstalled: Bool
  /// Whether the encoding in use is UTF-8; if not, only ASCII is sure to be shown.
  public var isUTF8: Bool

  public init(variable: String?, name: String, isInstalled: Bool, isUTF8: Bool) {
    self.variable = variable
    self.name = name
    self.isInstalled = isInstalled
    self.isUTF8 = isUTF8
  }

  /// Makes the environment's locale the process's, for its characters, and describes it.
  @MainActor
  public static func current() -> LocaleDescription {
    var variable: UnsafePointer<CChar>?
    let name = String(cString: ct_requested_locale(&variable))
    return LocaleDescription(
      variable: variable.map { String(cString: $0) }, name: name,
      isInstalled: ct_has_requested_locale(), isUTF8: ct_adopt_locale())
  }
}
