import CursesTerminal

extension Check {
  /// Whether the session draws with Unicode, or with ASCII only.
  static func locale(_ locale: LocaleDescription) -> Check {
    let source = locale.variable.map { "\($0)=\(locale.name)" }
    let found = source ?? "none of LC_ALL, LC_CTYPE and LANG is set"
    guard locale.isUTF8 else {
      return Check(
        "locale", .warning,
        "\(found): not UTF-8" + (locale.isInstalled ? "" : " and not installed")
          + ", so the session draws in ASCII",
        mend: "set \(locale.variable ?? "LANG")=C.UTF-8")
    }
    guard locale.isInstalled else {
      return Check("locale", .ok, "\(found), not installed; C.UTF-8 stands in")
    }
    return Check("locale", .ok, found + (found.lowercased().contains("utf") ? "" : ", UTF-8"))
  }
}
