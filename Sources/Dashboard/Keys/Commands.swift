import Cells
import Experiments

/// What can be typed behind `:`. One table for dispatch, completion and help.
struct Command: Sendable {
  var name: String
  /// What may follow the name; empty for commands that stand alone, nil for any text.
  var choices: [String]?
  /// What follows the name, for help and errors, in brackets where that may be left out; nil for commands
  /// that stand alone.
  var argument: String?
  var help: String
  var act: @Sendable (inout State, String) throws(ControlError) -> [Effect]

  init(
    _ name: String, _ argument: String? = nil, choices: [String]? = [], help: String,
    act: @escaping @Sendable (inout State, String) throws(ControlError) -> [Effect]
  ) {
    self.name = name
    self.argument = argument
    self.choices = choices
    self.help = help
    self.act = act
  }

  static let all: [Command] = [
    control("pause", help: "the shown run's worker waits"),
    control("resume", help: "and goes on"),
    control("stop", help: "it finishes its step, writes a checkpoint and ends"),
    control("checkpoint", help: "it writes a checkpoint now"),
    Command(
      "set", "learning_rate VALUE", choices: ["learning_rate"],
      help: "the learning rate from the next step on"
    ) { (state, text) throws(ControlError) in
      state.control(try ControlMessage("set \(text)"))
    },
    Command(
      "grow", "STAGE", choices: nil,
      help: "a block, the identity at first, at the end of the shown run's stage"
    ) { (state, text) throws(ControlError) in
      state.control(try ControlMessage("grow \(text)"))
    },
    annotation(.note, "TEXT", help: "words about the selected run, kept in its log"),
    annotation(.name, "[TEXT]", help: "what the selected run is called; alone, it takes that back"),
    Command("axis", "NAME", choices: ChartAxis.allCases.map(\.label), help: "the charts' x axis") {
      (state, text) throws(ControlError) in
      guard let axis = ChartAxis.allCases.first(where: { $0.label == text }) else {
        throw unknown(text, among: ChartAxis.allCases.map(\.label))
      }
      guard let entry = state.runs.shownEntry, AxisPlacing(axis, of: entry) != nil else {
        throw ControlError("this log does not tell \(text)")
      }
      state.charts.axis = axis
      state.charts.visible = nil
      return []
    },
    Command("smooth", "WEIGHT", choices: nil, help: "weight of the past in curves, 0 to below 1") {
      (state, text) throws(ControlError) in
      guard let weight = Double(text), (0..<1).contains(weight) else {
        throw ControlError("smooth takes a number from 0 to below 1, as in: smooth 0.9")
      }
      state.charts.smoothing = weight
      return []
    },
    Command("goto", "STEP", choices: nil, help: "puts the charts' cursor at a step, or looks at it")
    {
      (state, text) throws(ControlError) in
      guard let step = Int(text.filter { $0 != "," }), step >= 0 else {
        throw ControlError("goto takes a step, as in: goto 1200")
      }
      if state.runs.scrub != nil {
        state.moveScrub { $0.go(to: step) }
      } else {
        state.placeCursor(atStep: step)
      }
      return []
    },
    Command("theme", "NAME", choices: Theme.all.map(\.name), help: "the colours") {
      (state, text) throws(ControlError) in
      guard let theme = Theme.named(text) else {
        throw unknown(text, among: Theme.all.map(\.name))
      }
      state.appearance.theme = theme
      return []
    },
    Command("pane", "NAME", choices: Pane.allCases.map(\.title), help: "goes to a pane") {
      (state, text) throws(ControlError) in
      guard let pane = state.panes.first(where: { $0.title == text }) else {
        throw unknown(text, among: state.panes.map(\.title))
      }
      state.focusOn(pane)
      return []
    },
    Command("help", help: "all keys") { (state, _) throws(ControlError) in
      state.overlay = .help(HelpView())
      return []
    },
    Command("quit", help: "trainings go on") { (state, _) throws(ControlError) in
      state.role == .replay ? [] : [.quit]
    },
  ]

  private static func control(_ name: String, help: String) -> Command {
    Command(name, help: help) { (state, _) throws(ControlError) in
      state.control(try ControlMessage(name))
    }
  }

  private static func annotation(
    _ kind: RunAnnotation.Kind, _ argument: String, help: String
  ) -> Command {
    Command(kind.rawValue, argument, choices: nil, help: help) {
      (state, text) throws(ControlError) in
      guard let annotation = RunAnnotation(kind, text) else {
        throw ControlError("a text has \(RunAnnotation.bounds)")
      }
      return state.annotate(annotation)
    }
  }

  private static func unknown(_ text: String, among names: [String]) -> ControlError {
    let near = NearestName.suggestion(for: text, among: names)
    return ControlError(
      near.map { "\(text) is none of them; did you mean \($0)?" }
        ?? "it can be \(names.joined(separator: ", "))")
  }

  /// The lines that `text` can become: names of commands, or what may follow one.
  static func completions(of text: String) -> [String] {
    guard let blank = text.firstIndex(of: " ") else {
      return all.map(\.name).filter { $0.hasPrefix(text) }
    }
    let name = String(text[..<blank])
    let rest = text[text.index(after: blank)...].drop { $0 == " " }
    let choices = all.first { $0.name == name }?.choices ?? []
    return choices.filter { $0.hasPrefix(rest) }.map { "\(name) \($0)" }
  }
}

extension State {
  /// Does what was typed behind `:`.
  mutating func run(command text: String) -> [Effect] {
    let text = text.trimmingBlanks
    guard !text.isEmpty else { return [] }
    let name = String(text.prefix { $0 != " " })
    let rest = String(text.dropFirst(name.count)).trimmingBlanks
    guard let command = Command.all.first(where: { $0.name == name }) else {
      let near = NearestName.suggestion(for: name, among: Command.all.map(\.name))
      complain(
        "\(name) is no command; "
          + (near.map { "did you mean \($0)?" }
            ?? "there are \(Command.all.map(\.name).joined(separator: ", "))"))
      return []
    }
    let canBeAlone = command.argument?.hasPrefix("[") ?? true
    guard rest.isEmpty ? canBeAlone : command.argument != nil else {
      complain(
        command.argument.map { "\(name) takes \($0)" } ?? "\(name) stands alone, without \(rest)")
      return []
    }
    do throws(ControlError) {
      return try command.act(&self, rest)
    } catch {
      complain("\(error)")
      return []
    }
  }

  /// Extends the line to what all its completions have in common; says them where that is no more.
  mutating func completeCommand() {
    guard let typed = prompt?.text else { return }
    let found = Command.completions(of: typed)
    guard let first = found.first else { return say("nothing begins so") }
    let common = found.dropFirst().reduce(first) { $0.commonPrefix(with: $1) }
    if common.count > typed.count {
      prompt?.text = common
    } else if found.count > 1 {
      say(
        found.map { $0.split(separator: " ").last.map(String.init) ?? $0 }.joined(separator: "  "))
    }
    let takesMore = Command.all.first { $0.name == prompt?.text }?.argument != nil
    if found.count == 1, takesMore { prompt?.text += " " }
  }
}

extension String {
  fileprivate func commonPrefix(with other: String) -> String {
    String(zip(self, other).prefix { $0 == $1 }.map(\.0))
  }
}
