import Architecture
import Cells
import Experiments

/// What a key can do.
enum Action: Hashable, Sendable {
  case quit, suspend, help, peel
  case nextPane, previousPane
  case focus(Pane)
  case zoom, unzoom
  case up, down, pageUp, pageDown, home, end
  case stepDown, stepUp, edit, undo, redo
  case presets, pin
  case addStage, duplicateStage, removeStage, moveStageUp, moveStageDown
  case openRun, loadRun, mark, delete, hide, showHidden, pinRun, sortRuns, reverseRuns
  case compare, cycleScatter
  case start, stop, togglePause, checkpoint
  case command, complete, copy
  case toggleLogarithmic, cycleSmoothing, cycleAxis, toggleOutliers
  case filter, openChart, sort, reverse, toggleLayerView
  case zoomIn, zoomOut, panLeft, panRight, wholeAxis
  /// By hundredths of what is visible of the charts' axis.
  case moveCursor(Int)
  case confirm
}

/// Where a binding holds.
enum KeyContext: Hashable, Sendable, CaseIterable {
  /// In a dialog and while typing too.
  case always
  /// Everywhere but in a dialog and while typing.
  case anywhere
  case composer
  /// Panes with rows.
  case list
  case layers
  case runs
  case scalars
  case charts
  /// While a line is typed at the bottom.
  case prompt
  case help
  case presets
  case compare
  case dialog

  var title: String {
    switch self {
    case .always: "always"
    case .anywhere: "anywhere"
    case .composer: "composer"
    case .list: "lists"
    case .layers: "layers"
    case .runs: "runs"
    case .scalars: "scalars"
    case .charts: "charts"
    case .prompt: "typing"
    case .help: "help"
    case .presets: "presets"
    case .compare: "compare"
    case .dialog: "question"
    }
  }
}

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
  static let all: [KeyBinding] =
    [
      KeyBinding(
        keys: [.left, .character("h")], action: .stepDown, context: .composer,
        label: "previous value"),
      KeyBinding(
        keys: [.right, .character("l")], action: .stepUp, context: .composer, label: "next value"),
      KeyBinding(
        keys: [.enter], action: .edit, context: .composer, label: "type", isHinted: true),
      KeyBinding(
        keys: [.character("p")], action: .presets, context: .composer, label: "presets",
        isHinted: true),
      KeyBinding(
        keys: [.character("b")], action: .pin, context: .composer, label: "pin baseline"),
      KeyBinding(
        keys: [.character("a")], action: .addStage, context: .composer, label: "add a stage"),
      KeyBinding(
        keys: [.character("d")], action: .duplicateStage, context: .composer,
        label: "copy the stage"),
      KeyBinding(
        keys: [.character("D")], action: .removeStage, context: .composer,
        label: "remove stage"),
      KeyBinding(
        keys: [.character("K")], action: .moveStageUp, context: .composer, label: "stage up"),
      KeyBinding(
        keys: [.character("J")], action: .moveStageDown, context: .composer, label: "stage down"),
      KeyBinding(keys: [.character("z")], action: .undo, context: .composer, label: "undo"),
      KeyBinding(keys: [.character("Z")], action: .redo, context: .composer, label: "redo"),
      KeyBinding(
        keys: [.character("v")], action: .toggleLayerView, context: .layers,
        label: "costs or training", isHinted: true),
      KeyBinding(
        keys: [.character("s")], action: .sort, context: .layers, label: "sort by the next column",
        isHinted: true),
      KeyBinding(
        keys: [.character("r")], action: .reverse, context: .layers, label: "reverse the order"),
      KeyBinding(
        keys: [.enter], action: .openRun, context: .runs, label: "show the run", isHinted: true),
      KeyBinding(
        keys: [.character("e")], action: .loadRun, context: .runs, label: "edit its spec",
        isHinted: true),
      KeyBinding(
        keys: [.character(" ")], action: .mark, context: .runs, label: "mark to compare",
        isHinted: true),
      KeyBinding(
        keys: [.character("s")], action: .sortRuns, context: .runs,
        label: "sort by the next column"),
      KeyBinding(
        keys: [.character("r")], action: .reverseRuns, context: .runs, label: "reverse the order"),
      KeyBinding(
        keys: [.character("b")], action: .pinRun, context: .runs, label: "hold others against it"),
      KeyBinding(
        keys: [.delete, .character("D")], action: .delete, context: .runs, label: "delete the run"),
      KeyBinding(keys: [.character("H")], action: .hide, context: .runs, label: "hide, show again"),
      KeyBinding(
        keys: [.character("A")], action: .showHidden, context: .runs, label: "all, hidden too"),
      KeyBinding(
        keys: [.character("y")], action: .toggleLogarithmic, context: .charts, label: "log y axis",
        isHinted: true),
      KeyBinding(
        keys: [.character("S")], action: .cycleSmoothing, context: .charts, label: "smoothing",
        isHinted: true),
      KeyBinding(
        keys: [.character("X")], action: .cycleAxis, context: .charts, label: "x axis",
        isHinted: true),
      KeyBinding(
        keys: [.character("i")], action: .zoomIn, context: .charts, label: "zoom the x axis",
        isHinted: true),
      KeyBinding(
        keys: [.character("o")], action: .zoomOut, context: .charts, label: "zoom out"),
      KeyBinding(keys: [.character("H")], action: .panLeft, context: .charts, label: "pan left"),
      KeyBinding(keys: [.character("L")], action: .panRight, context: .charts, label: "pan right"),
      KeyBinding(
        keys: [.character("0")], action: .wholeAxis, context: .charts, label: "whole run, no cursor"
      ),
      KeyBinding(
        keys: [.character("O")], action: .toggleOutliers, context: .charts,
        label: "span the outliers"),
      KeyBinding(
        keys: [.left, .character("h")], action: .moveCursor(-1), context: .charts,
        label: "cursor left"),
      KeyBinding(
        keys: [.right, .character("l")], action: .moveCursor(1), context: .charts,
        label: "cursor right"),
      KeyBinding(
        keys: [.pageUp], action: .moveCursor(-10), context: .charts, label: "ten left"),
      KeyBinding(
        keys: [.pageDown], action: .moveCursor(10), context: .charts, label: "ten right"),
      KeyBinding(
        keys: [.home], action: .moveCursor(-1_000_000), context: .charts,
        label: "cursor to the first"),
      KeyBinding(
        keys: [.end], action: .moveCursor(1_000_000), context: .charts,
        label: "cursor to the last"),
      KeyBinding(
        keys: [.enter], action: .openChart, context: .scalars, label: "one chart or all",
        isHinted: true),
      KeyBinding(
        keys: [.character("/")], action: .filter, context: .list, label: "filter", isHinted: true),
      KeyBinding(keys: [.enter], action: .confirm, context: .prompt, label: "keep", isHinted: true),
      KeyBinding(keys: [.escape], action: .peel, context: .prompt, label: "leave", isHinted: true),
      KeyBinding(
        keys: [.tab], action: .complete, context: .prompt, label: "complete a command",
        isHinted: true),
      KeyBinding(keys: [.up, .character("k")], action: .up, context: .list, label: "up"),
      KeyBinding(keys: [.down, .character("j")], action: .down, context: .list, label: "down"),
      KeyBinding(keys: [.pageUp], action: .pageUp, context: .list, label: "ten up"),
      KeyBinding(keys: [.pageDown], action: .pageDown, context: .list, label: "ten down"),
      KeyBinding(keys: [.home], action: .home, context: .list, label: "first"),
      KeyBinding(keys: [.end], action: .end, context: .list, label: "last"),
      KeyBinding(
        keys: [.character("t")], action: .start, context: .anywhere, label: "train",
        isHinted: true),
      KeyBinding(
        keys: [.character("x")], action: .stop, context: .anywhere, label: "stop", isHinted: true),
      KeyBinding(
        keys: [.character("P")], action: .togglePause, context: .anywhere,
        label: "pause, go on"),
      KeyBinding(
        keys: [.character("C")], action: .checkpoint, context: .anywhere,
        label: "write a checkpoint"),
      KeyBinding(
        keys: [.character("Y")], action: .copy, context: .anywhere, label: "copy"),
      KeyBinding(
        keys: [.character(":")], action: .command, context: .anywhere, label: "command line"),
      KeyBinding(
        keys: [.character("c")], action: .compare, context: .anywhere, label: "compare",
        isHinted: true),
      KeyBinding(
        keys: [.character("?")], action: .help, context: .anywhere, label: "help", isHinted: true),
      KeyBinding(
        keys: [.character("q")], action: .quit, context: .anywhere, label: "quit", isHinted: true),
      KeyBinding(
        keys: [.tab], action: .nextPane, context: .anywhere, label: "next pane", isHinted: true),
      KeyBinding(keys: [.backTab], action: .previousPane, context: .anywhere, label: "pane before"),
    ]
    + Pane.allCases.map { pane in
      KeyBinding(
        keys: [.character(Character("\(pane.rawValue)"))], action: .focus(pane),
        context: .anywhere, label: "\(pane.title) pane")
    } + [
      KeyBinding(
        keys: [.character("+")], action: .zoom, context: .anywhere, label: "zoom", isHinted: true),
      KeyBinding(keys: [.character("_")], action: .unzoom, context: .anywhere, label: "zoom out"),
      KeyBinding(keys: [.escape], action: .peel, context: .anywhere, label: "back"),
      KeyBinding(keys: [.control("c")], action: .quit, context: .always, label: "quit"),
      KeyBinding(keys: [.control("z")], action: .suspend, context: .always, label: "suspend"),
      KeyBinding(
        keys: [.character("/")], action: .filter, context: .help, label: "search", isHinted: true),
      KeyBinding(
        keys: [.down, .right, .pageDown], action: .down, context: .help, label: "further on"),
      KeyBinding(keys: [.up, .left, .pageUp], action: .up, context: .help, label: "back"),
      KeyBinding(
        keys: [.escape, .character("q"), .character("?")], action: .peel, context: .help,
        label: "close the help", isHinted: true),
      KeyBinding(
        keys: [.enter], action: .confirm, context: .presets, label: "take it", isHinted: true),
      KeyBinding(keys: [.up], action: .up, context: .presets, label: "up"),
      KeyBinding(keys: [.down], action: .down, context: .presets, label: "down"),
      KeyBinding(keys: [.pageUp], action: .pageUp, context: .presets, label: "ten up"),
      KeyBinding(keys: [.pageDown], action: .pageDown, context: .presets, label: "ten down"),
      KeyBinding(
        keys: [.escape], action: .peel, context: .presets, label: "leave it", isHinted: true),
      KeyBinding(
        keys: [.up, .character("k")], action: .up, context: .compare, label: "up"),
      KeyBinding(
        keys: [.down, .character("j")], action: .down, context: .compare, label: "down"),
      KeyBinding(keys: [.pageUp], action: .pageUp, context: .compare, label: "ten up"),
      KeyBinding(keys: [.pageDown], action: .pageDown, context: .compare, label: "ten down"),
      KeyBinding(
        keys: [.character("v")], action: .cycleScatter, context: .compare,
        label: "differences, scatter by each cost", isHinted: true),
      KeyBinding(
        keys: [.escape, .character("q"), .character("c")], action: .peel, context: .compare,
        label: "close", isHinted: true),
      KeyBinding(
        keys: [.enter, .character("y")], action: .confirm, context: .dialog, label: "yes",
        isHinted: true),
      KeyBinding(
        keys: [.escape, .character("n"), .character("q")], action: .peel, context: .dialog,
        label: "no", isHinted: true),
    ]

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

extension State {
  /// The contexts of the present moment, the narrowest first.
  var contexts: [KeyContext] {
    if composer.edit != nil { return [.always] }
    if prompt != nil { return [.prompt, .always] }
    switch overlay {
    case .confirmStop, .confirmStart, .confirmDelete: return [.dialog, .always]
    case .help: return [.help, .always]
    case .presets: return [.presets, .always]
    case .compare: return [.compare, .always]
    case nil: break
    }
    let own: [KeyContext] =
      switch focus {
      case .composer: [.composer, .list]
      case .runs: [.runs, .list]
      case .layers: [.layers, .list]
      case .block: [.list]
      case .loss, .accuracy: [.charts]
      case .scalars: [.scalars, .charts, .list]
      case .progress: []
      }
    return own + [.anywhere, .always]
  }

  /// Why `action` would do nothing now; nil where it would do something.
  func obstacle(to action: Action) -> String? {
    func needs(_ condition: Bool, _ reason: String) -> String? { condition ? nil : reason }
    return switch action {
    case .start where role == .watching, .loadRun where role == .watching:
      "watching only; resnet-tui without 'watch' composes and trains"
    case .start, .quit, .suspend: needs(role != .replay, "this is a replay")
    case .stop:
      role == .replay
        ? "this is a replay" : needs(runs.shownEntry != nil, "no run is shown; 6 lists them")
    case .togglePause, .checkpoint:
      role == .replay
        ? "this is a replay"
        : needs(runs.shownEntry?.hasWorker == true, "no worker trains the run that is shown")
    case .copy:
      role == .replay ? "this is a replay" : needs(clipping != nil, "there is nothing to copy here")
    case .complete: needs(prompt?.purpose == .command, "nothing to complete")
    case .focus(.composer): needs(panes.contains(.composer), "there is no composer while watching")
    case .delete:
      role != .session
        ? "only a session deletes runs"
        : needs(
          selectedRun.map { !$0.hasWorker && $0.listing.status != nil } ?? false,
          selectedRun?.hasWorker == true ? "its worker is at work; x stops it" : "there is no run")
    case .reverseRuns: needs(runView.sort != nil, "s sorts by a column first")
    case .openRun, .mark, .hide, .showHidden, .pinRun, .sortRuns:
      needs(!runs.entries.isEmpty, "there is no run yet; t trains the draft")
    case .addStage, .duplicateStage:
      needs(
        composer.draft.network.canAddStage,
        "a network has at most \(NetworkSpec.stageCounts.upperBound) stages")
    case .removeStage:
      needs(composer.draft.network.stages.count > 1, "a network has at least one stage")
    case .compare:
      needs(
        comparisonSubjects.count > 1,
        composer.plan == nil ? "there is no network to compare" : "there is nothing to compare yet")
    case .cycleScatter: needs(!scatteredRuns.isEmpty, "there is no run yet")
    case .loadRun:
      needs(selectedRun?.experiment != nil, "there is no run's spec to edit")
    case .toggleLogarithmic, .cycleSmoothing, .cycleAxis, .zoomIn, .zoomOut, .panLeft, .panRight,
      .wholeAxis, .toggleOutliers, .moveCursor:
      needs(runs.shownEntry != nil, "there is no curve yet; t trains the draft")
    case .filter:
      needs([.scalars, .layers, .runs].contains(focus) || overlay != nil, "nothing to filter here")
    case .sort: needs(shownPlan != nil, "there is no layer to sort")
    case .reverse: needs(layerView.sort != nil, "s sorts by a column first")
    case .toggleLayerView:
      needs(
        !showsDraft && runs.shownEntry.flatMap { LayerRecords($0) } != nil,
        showsDraft ? "a draft has costs only; t trains it" : "this log has no record of layers")
    case .openChart: needs(!runs.entries.isEmpty, "there is no curve yet; t trains the draft")
    case .zoom: needs(!isZoomed, "_ shows all panes again")
    case .unzoom: needs(isZoomed, "+ zooms in on a pane")
    case .undo: needs(composer.canUndo, "there is nothing to undo")
    case .redo: needs(composer.canRedo, "there is nothing to redo")
    default: nil
    }
  }

  /// Whether `action` belongs in the footer: it is possible, and does more than explain itself.
  private func isWorthwhile(_ action: Action) -> Bool {
    obstacle(to: action) == nil && (action != .stop || runs.shownEntry?.hasWorker == true)
  }

  /// The footer's hints.
  var hints: [KeyBar.Hint] {
    if composer.edit != nil {
      return [
        KeyBar.Hint(key: "enter", label: "take the value"),
        KeyBar.Hint(key: "esc", label: "leave it"), KeyBar.Hint(key: "^U", label: "clear"),
      ]
    }
    var hints: [KeyBar.Hint] = []
    if focus == .composer, overlay == nil {
      hints.append(KeyBar.Hint(key: "arrows", label: "change"))
    } else if contexts[0] == .compare || contexts[0] == .list {
      hints.append(KeyBar.Hint(key: "arrows", label: "move"))
    } else if contexts.contains(.charts), runs.shownEntry != nil {
      hints.append(KeyBar.Hint(key: "arrows", label: "cursor"))
    }
    for context in contexts {
      for binding in KeyBinding.all
      where binding.context == context && binding.isHinted && isWorthwhile(binding.action) {
        hints.append(KeyBar.Hint(key: binding.keys[0].name, label: binding.label))
      }
    }
    return hints
  }
}
