import Cells

extension State {
  /// Whether `action` belongs in the footer: it is possible, and does more than explain itself.
  private func isWorthwhile(_ action: Action) -> Bool {
    obstacle(to: action) == nil && (action != .stop || runs.liveEntry?.hasWorker == true)
  }

  /// The footer's hints.
  var hints: [KeyBar.Hint] {
    if composer.edit != nil {
      return [
        KeyBar.Hint(key: "enter", label: "take the value"),
        KeyBar.Hint(key: "esc", label: "leave it"), KeyBar.Hint(key: "^U", label: "clear"),
      ]
    }
    // While one looks back, the panes' keys work and these are what one looks for.
    if contexts[0] == .moment {
      return hints(in: [.moment]) + hints(in: [.anywhere]).filter(\.isKept)
    }
    // Where one pane has the screen, how to get back to all of them comes first.
    let way = isZoomed && contexts.contains(.anywhere) ? hints { $0.action == .unzoom } : []
    return way + (arrowHint.map { [$0] } ?? []) + hints(in: contexts)
  }

  /// What the arrows do; nil where nothing, or what bindings say.
  private var arrowHint: KeyBar.Hint? {
    if focus == .composer, overlay == nil, prompt == nil {
      return KeyBar.Hint(key: "arrows", label: "change")
    }
    let isList =
      switch contexts[0] {
      case .list: true
      case .predictions:
        ScreenLayout(self).panes[.predictions].map {
          PredictionsPane(self).scrolls(in: $0.inset().size)
        } ?? false
      case .compare:
        if case .compare(let view) = overlay, view.content == .differences {
          CompareScreen.lastOffset(view, in: self) > 0
        } else {
          false
        }
      default: false
      }
    if isList { return KeyBar.Hint(key: "arrows", label: "move") }
    let hasCursor = contexts.contains(.charts) && axisWindow != nil
    return hasCursor ? KeyBar.Hint(key: "arrows", label: "cursor") : nil
  }

  /// The bindings of some contexts that belong in the footer.
  private func hints(in contexts: [KeyContext]) -> [KeyBar.Hint] {
    contexts.flatMap { context in
      hints { $0.context == context && $0.isHinted && isWorthwhile($0.action) }
    }
  }

  private func hints(where isShown: (KeyBinding) -> Bool) -> [KeyBar.Hint] {
    KeyBinding.all.filter(isShown).map { binding in
      KeyBar.Hint(
        key: binding.keys[0].name, label: binding.label, isKept: binding.action == .help)
    }
  }
}
