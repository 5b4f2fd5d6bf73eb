/// A key as the user pressed it, whatever bytes the terminal sent for it.
public enum Key: Hashable, Sendable {
  /// A printable character, with Shift already applied.
  case character(Character)
  /// Ctrl with a lower-case letter.
  case control(Character)
  case enter, escape, tab, backTab, backspace, delete, insert
  case up, down, left, right, home, end, pageUp, pageDown
  /// F1 to F12.
  case function(Int)
}

/// A mouse action at a cell.
public struct MouseEvent: Hashable, Sendable {
  public enum Action: Hashable, Sendable {
    case press, release, wheelUp, wheelDown
  }

  public var action: Action
  public var position: Point

  public init(action: Action, position: Point) {
    self.action = action
    self.position = position
  }
}

/// What a terminal, a key script or a test tells the program.
public enum InputEvent: Hashable, Sendable {
  case key(Key)
  case mouse(MouseEvent)
  /// Text from the clipboard, in one piece.
  case paste(String)
  case resize(Size)
}
