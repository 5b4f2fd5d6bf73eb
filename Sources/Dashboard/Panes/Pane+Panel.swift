import Cells

extension State {
  /// The box of a pane: its key, its title, and the pane that shares its place on a small screen.
  func panel(_ pane: Pane, title: String? = nil, trailing: [Span] = []) -> Panel {
    var panel = Panel(
      title ?? pane.title, number: pane.rawValue,
      siblings: ScreenLayout(self).siblings(of: pane).map { "\($0.rawValue) \($0.title)" },
      trailing: trailing, isFocused: focus == pane)
    // That something is left out has to be seen, and whose layers or which block these are.
    panel.isTrailingFirst = filters[pane] != nil || pane == .block || pane == .layers
    return panel
  }
}
