/// One line that the user types at the bottom of the screen.
struct Prompt: Sendable, Equatable {
  enum Purpose: Sendable, Equatable {
    /// What is shown of a pane follows the text while it is typed.
    case filter(Pane)
    /// The help is searched.
    case help
    /// A command is done when the line is finished.
    case command
  }

  var purpose: Purpose
  var text = ""
  /// Which of the earlier lines stands there; -1 for none.
  var recalled = -1

  /// Most characters.
  static let limit = 256

  /// What stands before the text.
  var label: String {
    switch purpose {
    case .filter(let pane): "show \(pane.title) with"
    case .help: "keys that"
    case .command: ":"
    }
  }

  mutating func type(_ character: Character) {
    guard text.count < Self.limit, !character.isNewline else { return }
    text.append(character)
  }

  mutating func deleteLast() { if !text.isEmpty { text.removeLast() } }
}
