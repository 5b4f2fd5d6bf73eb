/// Why a terminal cannot be used, and how to mend it.
public enum TerminalError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Standard input or standard output is a file or a pipe.
  case notATerminal(stream: String)
  /// TERM is not set, or empty.
  case typeNotSet
  /// No terminfo entry has the name in TERM.
  case unknownType(String)
  /// The type in TERM cannot place the cursor.
  case cannotPlaceCursor(type: String)
  /// The process has the terminal open already.
  case alreadyOpen
  /// ncurses refused.
  case cannotOpen(type: String)

  public var description: String { "\(problem): \(mend)" }

  /// What is wrong.
  public var problem: String {
    switch self {
    case .notATerminal(let stream): "\(stream) is not a terminal"
    case .typeNotSet: "TERM is not set"
    case .unknownType(let type):
      "TERM names \(type.debugDescription), which this system's terminfo does not know"
    case .cannotPlaceCursor(let type):
      "a terminal of type \(type.debugDescription) cannot place the cursor"
    case .alreadyOpen: "the terminal is open already"
    case .cannotOpen(let type):
      "ncurses cannot open the terminal of type \(type.debugDescription)"
    }
  }

  /// What to do about it.
  public var mend: String {
    switch self {
    case .notATerminal: "start it from one, without redirection or pipe"
    case .typeNotSet: "set it to the terminal's type, for example TERM=xterm-256color"
    case .unknownType:
      "set TERM=xterm-256color, or install the entry (on Debian, package ncurses-term)"
    case .cannotPlaceCursor:
      "set TERM to the type of a full-screen terminal, for example TERM=xterm-256color"
    case .alreadyOpen: "close it before opening it again"
    case .cannotOpen: "try TERM=xterm-256color"
    }
  }
}
