import Cells

/// One line of the table that dispatches keys, and that the footer and the help come from.
struct KeyBinding: Sendable {
  var keys: [Key]
  var action: Action
  var context: KeyContext
  /// What it does, in two or three words.
  var label: String
  /// Shown in the footer, when it applies.
  var isHinted = false
}

extension KeyBinding {
  /// The binding of `key` in the first of `contexts` that has one.
  static func binding(for key: Key, in contexts: [KeyContext]) -> KeyBinding? {
    for context in contexts {
      if let found = all.first(where: { $0.context == context && $0.keys.contains(key) }) {
        return found
      }
    }
    return nil
  }
}

extension Key {
  /// As the footer and the help write it.
  var name: String {
    switch self {
    case .character(" "): "space"
    case .character(let character): String(character)
    case .control(let character): "^" + String(character).uppercased()
    case .enter: "enter"
    case .escape: "esc"
    case .tab: "tab"
    case .backTab: "shift-tab"
    case .backspace: "backspace"
    case .delete: "del"
    case .insert: "ins"
    case .up: "up"
    case .down: "down"
    case .left: "left"
    case .right: "right"
    case .home: "home"
    case .end: "end"
    case .pageUp: "pgup"
    case .pageDown: "pgdn"
    case .function(let number): "F\(number)"
    }
  }
}
