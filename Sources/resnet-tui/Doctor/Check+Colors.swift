import Cells
import CursesTerminal

extension Check {
  /// How many colours the session will use, and what decides it.
  ///
  /// - Parameters:
  ///   - isRefused: NO_COLOR is set.
  ///   - colorTerm: COLORTERM, by which some terminals announce 24-bit colours.
  static func colors(
    _ description: TerminalDescription, isRefused: Bool, colorTerm: String?
  ) -> Check {
    let name = "colours"
    guard !isRefused else {
      return Check(
        name, .note, "none, as NO_COLOR is set: curves differ by their marks",
        mend: "unset NO_COLOR")
    }
    let more = "if the terminal shows 256, set TERM=xterm-256color (in tmux: tmux-256color)"
    let source = "by the terminfo entry \(description.type)"
    switch description.colorDepth {
    case .monochrome:
      return Check(
        name, .note, "none, \(source): curves differ by their marks", mend: more)
    case .colors8, .colors16:
      return Check(name, .note, "\(description.colorDepth.rawValue), \(source)", mend: more)
    case .colors256:
      let announced = ["truecolor", "24bit"].contains(colorTerm)
      return Check(
        name, .ok,
        "256, \(source)" + (announced ? " (24 bits: xterm-direct)" : ""))
    case .trueColor:
      return Check(name, .ok, "24 bits, \(source)")
    }
  }
}
