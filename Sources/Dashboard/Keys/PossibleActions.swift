import Architecture
import Cells
import EventLog
import Experiments

extension State {
  /// The contexts of the present moment, the narrowest first.
  var contexts: [KeyContext] {
    if composer.edit != nil { return [.always] }
    if prompt != nil { return [.prompt, .always] }
    switch overlay {
    case .confirmStop, .confirmStart, .confirmDelete, .confirmGrow: return [.dialog, .always]
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
      case .predictions: [.predictions, .list]
      case .progress: []
      }
    return (runs.scrub == nil ? [] : [.moment]) + own + [.anywhere, .always]
  }

  /// Why `action` would do nothing now; nil where it would do something.
  func obstacle(to action: Action) -> String? {
    func needs(_ condition: Bool, _ reason: String) -> String? { condition ? nil : reason }
    return switch action {
    case .start where role == .watching, .loadRun where role == .watching,
      .fork where role == .watching, .resumeRun where role == .watching:
      "watching only; resnet-tui without 'watch' composes and trains"
    case .start, .quit, .suspend: needs(role != .replay, "this is a replay")
    case .stop:
      role == .replay
        ? "this is a replay" : needs(runs.shownEntry != nil, "no run is shown; 6 lists them")
    case .togglePause, .checkpoint:
      role == .replay
        ? "this is a replay"
        : needs(runs.liveEntry?.isListening == true, "no worker trains the run that is shown")
    case .grow:
      role == .replay
        ? "this is a replay"
        : runs.liveEntry?.isListening != true
          ? "no worker trains the run that is shown"
          : needs(
            growingStage != nil,
            runs.liveEntry?.plan?.spec.growthObstacle?.reason
              ?? "this log does not tell its network")
    case .fork:
      role == .replay
        ? "this is a replay" : needs(fork != nil || forkableRun != nil, "there is no run to fork")
    case .resumeRun:
      role == .replay
        ? "this is a replay"
        : needs(
          resumableRun != nil,
          selectedRun?.hasWorker == true
            ? "its worker is at work" : "it has come to its end; F forks it")
    case .enqueue: needs(overlay == .confirmStart, "nothing waits to be started")
    case .copy:
      role == .replay ? "this is a replay" : needs(clipping != nil, "there is nothing to copy here")
    case .recallOlder, .recallNewer:
      needs(
        prompt?.purpose == .command && !commandHistory.isEmpty, "there is no command before this")
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
    case .nextComparison: needs(!scatteredRuns.isEmpty, "there is no run yet")
    case .loadRun:
      needs(selectedRun?.experiment != nil, "there is no run's spec to edit")
    case .toggleLogarithmic, .cycleSmoothing, .cycleAxis, .zoomIn, .zoomOut, .panLeft, .panRight,
      .wholeAxis, .toggleOutliers, .moveCursor:
      needs(runs.shownEntry != nil, "there is no curve yet; t trains the draft")
    case .filter:
      switch focus {
      case .layers: needs(shownPlan != nil || overlay != nil, "there is no layer to filter")
      case .scalars, .runs:
        needs(!runs.entries.isEmpty || overlay != nil, "there is no run yet; t trains the draft")
      default: needs(overlay != nil, "nothing to filter here")
      }
    case .sort: needs(shownPlan != nil, "there is no layer to sort")
    case .reverse: needs(layerView.sort != nil, "s sorts by a column first")
    case .toggleLayerView:
      needs(
        !showsDraft && runs.shownEntry.flatMap { LayerRecords($0) } != nil,
        showsDraft ? "a draft has costs only; t trains it" : "this log has no record of layers")
    case .nextPredictionsView:
      needs(runs.shownEntry != nil, "there is no run yet; t trains the draft")
    case .scrub:
      role == .replay
        ? "this is a replay; --at-step shows a moment of it"
        : needs(
          runs.scrub != nil || runs.liveEntry?.history.isEmpty == false,
          "there is no run to look back at")
    case .stepBack, .previousMarker:
      needs(runs.scrub.map { $0.step > 0 } ?? false, "this is the beginning")
    case .stepOn, .nextMarker:
      needs(runs.scrub.map { $0.step < $0.lastStep } ?? false, "this is the last step")
    case .slower: needs(runs.scrub?.canGoSlower == true, "this is as it was recorded")
    case .faster: needs(runs.scrub?.canGoFaster == true, "it does not go faster")
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
    return (arrowHint.map { [$0] } ?? []) + hints(in: contexts)
  }

  /// What the arrows do; nil where nothing, or what bindings say.
  private var arrowHint: KeyBar.Hint? {
    if focus == .composer, overlay == nil { return KeyBar.Hint(key: "arrows", label: "change") }
    if [.compare, .list, .predictions].contains(contexts[0]) {
      return KeyBar.Hint(key: "arrows", label: "move")
    }
    let hasCursor = contexts.contains(.charts) && runs.shownEntry != nil
    return hasCursor ? KeyBar.Hint(key: "arrows", label: "cursor") : nil
  }

  /// The bindings of some contexts that belong in the footer.
  private func hints(in contexts: [KeyContext]) -> [KeyBar.Hint] {
    contexts.flatMap { context in
      KeyBinding.all.filter {
        $0.context == context && $0.isHinted && isWorthwhile($0.action)
      }
    }.map { binding in
      KeyBar.Hint(
        key: binding.keys[0].name, label: binding.label, isKept: binding.action == .help)
    }
  }
}
