import Cells

/// What is typed at the bottom of the screen.
extension State {
  /// Opens the line with the present filter of the pane.
  mutating func beginFilter() {
    if case .help(let view) = overlay {
      prompt = Prompt(purpose: .help, text: view.query)
      return
    }
    prompt = Prompt(purpose: .filter(focus), text: filters[focus] ?? "")
  }

  /// A key without a meaning of its own goes into the text.
  mutating func typeIntoPrompt(_ key: Key) {
    changePrompt { prompt in
      switch key {
      case .character(let character): prompt.type(character)
      case .backspace, .delete: prompt.deleteLast()
      case .control("u"): prompt.text = ""
      default: break
      }
    }
  }

  mutating func pasteIntoPrompt(_ text: String) {
    changePrompt { prompt in
      for character in text.prefix(while: { !$0.isNewline }) { prompt.type(character) }
    }
  }

  private mutating func changePrompt(_ change: (inout Prompt) -> Void) {
    guard var prompt else { return }
    change(&prompt)
    self.prompt = prompt
    switch prompt.purpose {
    case .filter(let pane): setFilter(prompt.text, of: pane)
    case .help: overlay = .help(HelpView(query: prompt.text))
    case .command: break
    }
  }

  /// Enter: what was typed is kept, or done.
  mutating func finishPrompt() -> [Effect] {
    guard let prompt else { return [] }
    self.prompt = nil
    guard prompt.purpose == .command else { return [] }
    if !prompt.text.isEmpty {
      commandHistory.removeAll { $0 == prompt.text }
      commandHistory.insert(prompt.text, at: 0)
      commandHistory = Array(commandHistory.prefix(Self.historyLimit))
    }
    return run(command: prompt.text)
  }

  /// Most commands that are remembered.
  private static let historyLimit = 100

  /// Puts an earlier command into the line: `direction` 1 goes back, -1 forward.
  mutating func recall(_ direction: Int) {
    guard var prompt, prompt.purpose == .command else { return }
    prompt.recalled = (prompt.recalled + direction).clamped(to: -1...commandHistory.count - 1)
    prompt.text = prompt.recalled < 0 ? "" : commandHistory[prompt.recalled]
    self.prompt = prompt
  }

  /// Escape: a filter goes.
  mutating func leavePrompt() {
    guard let prompt else { return }
    switch prompt.purpose {
    case .filter(let pane): setFilter("", of: pane)
    case .help: overlay = .help(HelpView())
    case .command: break
    }
    self.prompt = nil
  }

  private mutating func setFilter(_ text: String, of pane: Pane) {
    filters[pane] = text.isEmpty ? nil : text
    scroll[pane] = 0
    guard pane == .scalars else { return }
    scalars.selectFirst()
    // The charts that it leaves, where one alone was open.
    if !text.isEmpty { scalars.opened = nil }
  }
}
