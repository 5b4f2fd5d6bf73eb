import Cells
import CursesTerminal

/// What is known of the terminal without touching it.
struct TerminalFacts {
  var inputIsTerminal = true
  var outputIsTerminal = true
  /// TERM; nil where it is not set.
  var type: String?
  /// What the session would go by, or why it could not open the terminal.
  var description: Result<TerminalDescription, TerminalError>
  /// What the kernel says of it, 0×0 where nobody told it; nil where there is no terminal.
  var size: Size?
  /// TMUX is set.
  var isInTmux = false
}

extension Check {
  /// Whether the session can open the terminal, and what the terminal offers.
  static func terminal(_ facts: TerminalFacts) -> Check {
    let name = "terminal"
    guard facts.inputIsTerminal, facts.outputIsTerminal else {
      let stream = facts.outputIsTerminal ? "standard input" : "standard output"
      let error = TerminalError.notATerminal(stream: stream)
      return Check(
        name, .note, "\(error.problem) (\(typeText(facts)))",
        mend: "\(error.mend); in a container pass -it, to ssh -t")
    }
    switch facts.description {
    case .failure(let error):
      return Check(name, .problem, error.problem, mend: error.mend)
    case .success(let description):
      return opened(description, isInTmux: facts.isInTmux)
    }
  }

  private static func opened(_ description: TerminalDescription, isInTmux: Bool) -> Check {
    let type = description.type
    let offers =
      (description.hasAlternateScreen ? "alternate screen" : "no alternate screen") + ", "
      + (description.hasMouse ? "mouse" : "no mouse")
    let found = "\(type), \(offers)"
    if isInTmux, !type.hasPrefix("tmux"), !type.hasPrefix("screen") {
      return Check(
        "terminal", .warning, "\(found); but tmux is no \(type), and may show it wrongly",
        mend: "set TERM=tmux-256color, or screen-256color where that is unknown")
    }
    guard description.hasAlternateScreen, description.hasMouse else {
      return Check(
        "terminal", .note, found,
        mend: "set TERM to the terminal's own type, if that is another: most are xterm-256color")
    }
    return Check("terminal", .ok, found)
  }

  private static func typeText(_ facts: TerminalFacts) -> String {
    guard let type = facts.type, !type.isEmpty else { return "TERM is not set" }
    if case .failure(.unknownType) = facts.description { return "TERM=\(type), unknown here" }
    return "TERM=\(type)"
  }

  /// Whether the terminal is large enough for the session; nil where there is none.
  static func size(_ facts: TerminalFacts, needed: Size) -> Check? {
    guard facts.inputIsTerminal, facts.outputIsTerminal, let size = facts.size else { return nil }
    guard size.width > 0, size.height > 0 else {
      return Check(
        "size", .warning, "unknown to the system: the session goes by terminfo, which may be wrong",
        mend: "tell the size, for example: stty rows 40 cols 120")
    }
    let found = "\(size.width)×\(size.height)"
    guard size.width >= needed.width, size.height >= needed.height else {
      return Check(
        "size", .warning,
        "\(found); below \(needed.width)×\(needed.height) the session shows nothing but these two sizes",
        mend: "enlarge the window or choose a smaller font; what is being trained goes on")
    }
    return Check("size", .ok, found)
  }
}
