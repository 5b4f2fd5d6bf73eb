import Cells

extension State {
  /// The box of a pane: its key, its title, and the pane that shares its place on a small screen.
  func panel(_ pane: Pane, title: String? = nil, trailing: [Span] = []) -> Panel {
    Panel(
      title ?? pane.title, number: pane.rawValue,
      siblings: ScreenLayout(self).siblings(of: pane).map { "\($0.rawValue) \($0.title)" },
      trailing: trailing, isFocused: focus == pane)
  }
}
