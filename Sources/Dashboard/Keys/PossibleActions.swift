import Architecture
import Cells
import EventLog
import Experiments

extension State {
  /// The contexts of the present moment, the narrowest first.
  var contexts: [KeyContext] {
    if isBlind { return [.anywhere, .always] }
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
    if let reason = role.obstacle(to: action) { return reason }
    if isBlind, action != .quit, action != .suspend { return "the terminal is too small" }
    func needs(_ condition: Bool, _ reason: String) -> String? { condition ? nil : reason }
    return switch action {
    case .stop: needs(runs.shownEntry != nil, "no run is shown; 6 lists them")
    case .togglePause, .checkpoint:
      needs(runs.liveEntry?.isListening == true, "no worker trains the run that is shown")
    case .grow:
      runs.liveEntry?.isListening != true
        ? "no worker trains the run that is shown"
        : needs(
          growingStage != nil,
          runs.liveEntry?.plan?.spec.growthObstacle?.reason
            ?? "this log does not tell its network")
    case .fork: needs(fork != nil || forkableRun != nil, "there is no run to fork")
    case .resumeRun:
      resumeObstacle
    case .enqueue: needs(overlay == .confirmStart, "nothing waits to be started")
    case .copy: needs(clipping != nil, "there is nothing to copy here")
    case .recallOlder, .recallNewer:
      needs(
        prompt?.purpose == .command && !commandHistory.isEmpty, "there is no command before this")
    case .complete: needs(prompt?.purpose == .command, "nothing to complete")
    case .delete:
      needs(
        selectedRun.map { !$0.hasWorker && $0.listing.status != nil } ?? false,
        selectedRun?.hasWorker == true ? "its worker is at work; x stops it" : "there is no run")
    case .reverseRuns: needs(runView.sort != nil, "s sorts by a column first")
    case .showHidden, .sortRuns: needs(!runs.entries.isEmpty, noneYet("run"))
    case .openRun, .mark, .hide, .pinRun:
      needs(
        selectedRun != nil, runs.entries.isEmpty ? noneYet("run") : "no run is left in the table")
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
    case .panLeft, .panRight:
      runs.shownEntry == nil
        ? noneYet("curve") : needs(charts.visible != nil, "i zooms the x axis first")
    case .toggleLogarithmic:
      runs.shownEntry == nil
        ? noneYet("curve")
        : needs(focusedChart.canBeLogarithmic, "a logarithmic axis has no place for these values")
    case .cycleSmoothing, .cycleAxis, .wholeAxis, .toggleOutliers:
      needs(runs.shownEntry != nil, noneYet("curve"))
    case .zoomIn, .zoomOut, .moveCursor: needs(axisWindow != nil, noneYet("curve"))
    case .filter:
      switch focus {
      case .layers: needs(shownPlan != nil || overlay != nil, "there is no layer to filter")
      case .scalars, .runs:
        needs(!runs.entries.isEmpty || overlay != nil, noneYet("run"))
      default: needs(overlay != nil, "nothing to filter here")
      }
    case .sort: needs(shownPlan != nil, "there is no layer to sort")
    case .reverse: needs(LayerRows(self)?.sort != nil, "s sorts by a column first")
    case .toggleLayerView:
      needs(
        !showsDraft && runs.shownEntry.flatMap { LayerRecords($0) } != nil,
        showsDraft ? "a draft has costs only; t trains it" : "this log has no record of layers")
    case .nextPredictionsView:
      needs(runs.shownEntry != nil, noneYet("run"))
    case .scrub:
      needs(
        runs.scrub != nil || runs.liveEntry?.history.isEmpty == false,
        "there is no run to look back at")
    case .stepBack, .previousMarker:
      needs(runs.scrub.map { $0.step > 0 } ?? false, "this is the beginning")
    case .stepOn, .nextMarker:
      needs(runs.scrub.map { $0.step < $0.lastStep } ?? false, "this is the last step")
    case .slower: needs(runs.scrub?.canGoSlower == true, "this is as it was recorded")
    case .faster: needs(runs.scrub?.canGoFaster == true, "it does not go faster")
    case .openChart:
      needs(
        scalars.opened != nil || !ScalarsPane(self).tags.isEmpty,
        filters[.scalars] == nil ? noneYet("curve") : "no tag has that in its name")
    case .zoom: needs(!isZoomed, "_ shows all panes again")
    case .unzoom: needs(isZoomed, "+ zooms in on a pane")
    case .undo: needs(composer.canUndo, "there is nothing to undo")
    case .redo: needs(composer.canRedo, "there is nothing to redo")
    default: nil
    }
  }

  private func noneYet(_ what: String) -> String {
    "there is no \(what) yet" + (role == .session ? "; t trains the draft" : "")
  }

  /// What is to be done where there is nothing to show yet.
  var invitation: String {
    switch role {
    case .session: "Press t to train what the composer shows."
    case .watching: "Event files appear as they are written."
    case .replay: "This log has none."
    }
  }
}

extension State.Role {
  /// Why a dashboard for this never does it; nil where it may.
  func obstacle(to action: Action) -> String? {
    switch (self, action) {
    case (.session, _): nil
    case (.watching, .start), (.watching, .loadRun), (.watching, .fork), (.watching, .resumeRun):
      "watching only; resnet-tui without 'watch' composes and trains"
    case (.watching, .focus(.composer)): "there is no composer while watching"
    case (_, .delete): "only a session deletes runs"
    case (.replay, .scrub): "this is a replay; --at-step shows a moment of it"
    case (.replay, .start), (.replay, .quit), (.replay, .suspend), (.replay, .stop),
      (.replay, .togglePause), (.replay, .checkpoint), (.replay, .grow), (.replay, .fork),
      (.replay, .resumeRun), (.replay, .copy):
      "this is a replay"
    default: nil
    }
  }
}
