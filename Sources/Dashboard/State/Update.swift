import Architecture
import Cells
import EventLog
import Experiments

/// Takes a message into the state, and says what is to be done outside.
public func update(_ state: inout State, _ message: Message) -> [Effect] {
  defer { state.settle() }
  switch message {
  case .input(let event): return state.take(event)
  case .time(let now):
    state.now = now
    if let notice = state.notice, !notice.isError, now >= notice.until { state.notice = nil }
    state.advanceScrub()
  case .dataSets(let sets): state.composer.dataSets = sets
  case .runs(let listings):
    let shown = state.runs.shown
    state.runs.list(listings)
    if state.runs.shown != shown {
      state.showWholeAxis()
      state.bringChartsForward()
    }
  case .log(let run, let poll):
    state.runs.apply(poll, to: run)
    // What is looked at has been cut off.
    if poll.rewound, state.runs.scrub?.run == run { state.runs.scrub = nil }
  case .recorded(let run, let recording): state.beginScrub(of: run, recording)
  case .unread(let bytes): state.unreadBytes = bytes
  case .started(let run):
    state.runs.awaited = run
    state.say("started \(run)")
  case .done(let text): state.say(text)
  case .lost(let run, let text):
    let isAwaited = state.runs.isAwaited(run)
    // One that is queued is not awaited.
    if isAwaited || run.isEmpty, state.fork == nil { state.fork = state.startedFork }
    if isAwaited { state.runs.awaited = nil }
    state.complain(text)
  case .failed(let text): state.complain(text)
  }
  return []
}

extension State {
  mutating func say(_ text: String) {
    notice = Notice(text: text, isError: false, until: now + 6)
  }

  mutating func complain(_ text: String) {
    notice = Notice(text: text, isError: true, until: .infinity)
  }

  /// Scrolls each list as little as need be, so that its selected row is on the screen.
  fileprivate mutating func settle() {
    settleScrub()
    for (pane, rect) in ScreenLayout(self).panes {
      let size = rect.inset().size
      switch pane {
      case .composer: scroll[pane] = ComposerPane(self).firstLine(in: size)
      case .layers:
        settleLayers()
        scroll[pane] = LayersPane(self).firstRow(in: size)
      case .runs:
        settleRuns()
        scroll[pane] = RunsPane(self).firstRow(in: size)
      case .scalars:
        scalars.settle(ScalarsPane(self).tags)
        scroll[pane] = ScalarsPane(self).firstRow(in: size)
      case .predictions:
        runs.illustrate()
        scroll[pane] = PredictionsPane(self).firstRow(in: size)
      case .loss, .accuracy, .progress, .block: break
      }
    }
  }

  // MARK: Input

  fileprivate mutating func take(_ event: InputEvent) -> [Effect] {
    switch event {
    case .resize(let size):
      self.size = size
      return []
    case .mouse(let event): return isBlind ? [] : take(event)
    case .paste(let text):
      if !isBlind { paste(text) }
      return []
    case .key(let key):
      notice = nil
      if let binding = KeyBinding.binding(for: key, in: contexts) {
        guard let obstacle = obstacle(to: binding.action) else { return perform(binding.action) }
        say(obstacle)
        return []
      }
      guard !isBlind else { return [] }
      if case .presets(var picker) = overlay {
        picker.take(key)
        overlay = .presets(picker)
        return []
      }
      if prompt != nil {
        typeIntoPrompt(key)
        return []
      }
      return composer.edit == nil ? [] : type(key)
    }
  }

  private mutating func type(_ key: Key) -> [Effect] {
    switch key {
    case .character(let character): composer.type(character)
    case .backspace, .delete: composer.deleteLast()
    case .control("u"): composer.clearEdit()
    case .enter:
      commitEdit()
    case .escape: composer.cancelEdit()
    case .up, .down, .tab:
      guard commitEdit() else { return [] }
      return key == .tab ? perform(.nextPane) : perform(key == .up ? .up : .down)
    default: break
    }
    return []
  }

  /// Text from the clipboard goes where text is typed; keys it never is.
  private mutating func paste(_ text: String) {
    notice = nil
    if case .presets(var picker) = overlay {
      for character in text.prefix(while: { !$0.isNewline }) { picker.type(character) }
      overlay = .presets(picker)
      return
    }
    if prompt != nil { return pasteIntoPrompt(text) }
    if composer.edit == nil {
      guard overlay == nil, role != .watching, SpecReference.isLine(text.trimmingBlanks) else {
        return complain("nothing here takes a paste; typing does, after / or enter")
      }
      focusOn(.composer)
      composer.select(.line)
      composer.beginEdit()
    }
    do throws(FieldError) {
      try composer.insert(text)
    } catch {
      complain(error.reason)
    }
  }

  private mutating func perform(_ action: Action) -> [Effect] {
    switch action {
    case .quit: return [.quit]
    case .suspend: return [.suspend]
    case .help: overlay = .help(HelpView())
    case .peel: peel()
    case .nextPane: cycleFocus(by: 1)
    case .previousPane: cycleFocus(by: -1)
    case .focus(let pane): focusOn(pane)
    case .zoom: isZoomed = true
    case .unzoom: isZoomed = false
    case .up: move(by: -1)
    case .down: move(by: 1)
    case .pageUp: move(by: -10)
    case .pageDown: move(by: 10)
    case .home: move(by: -1_000_000)
    case .end: move(by: 1_000_000)
    case .stepDown: compose { $0.step(by: -1) }
    case .stepUp: compose { $0.step(by: 1) }
    case .edit: composer.beginEdit()
    case .presets:
      overlay = .presets(PresetPicker(images: composer.draft.network))
    case .pin: pin()
    case .addStage: editStages(by: 1) { $0.addStage(after: $1) }
    case .duplicateStage: editStages(by: 1) { $0.duplicateStage($1) }
    case .removeStage: editStages { $0.removeStage($1) }
    case .moveStageUp: editStages(by: -1) { $0.moveStage($1, by: -1) }
    case .moveStageDown: editStages(by: 1) { $0.moveStage($1, by: 1) }
    case .undo:
      focusOn(.composer)
      compose { $0.undo() }
    case .redo:
      focusOn(.composer)
      compose { $0.redo() }
    case .openRun: showSelectedRun()
    case .loadRun: loadSelectedRun()
    case .fork: toggleFork()
    case .resumeRun: return resumeSelectedRun()
    case .mark:
      if let path = selectedRun?.listing.path { runs.toggleMark(path) }
    case .delete:
      if let path = selectedRun?.listing.path { overlay = .confirmDelete(run: path) }
    case .hide: toggleHidden()
    case .showHidden: runView.showsHidden.toggle()
    case .pinRun: toggleBaseline()
    case .sortRuns: cycleRunSort()
    case .reverseRuns: runView.isDescending.toggle()
    case .compare:
      overlay = .compare(CompareView(comparison: Comparison(comparisonSubjects)))
    case .nextComparison: showNextComparison()
    case .start: return start()
    case .enqueue:
      overlay = nil
      return reallyStart(waits: true)
    case .stop:
      if let entry = runs.liveEntry, entry.hasWorker {
        overlay = .confirmStop(
          run: entry.listing.path, isQueued: entry.listing.state == .queued)
      } else {
        say("this run has ended; there is nothing to stop")
      }
    case .togglePause:
      return control(runs.liveEntry?.listing.state == .paused ? .resume : .pause)
    case .checkpoint: return control(.checkpoint)
    case .grow:
      if let entry = runs.liveEntry, let stage = growingStage {
        overlay = .confirmGrow(run: entry.listing.path, stage: stage)
      }
    case .command: prompt = Prompt(purpose: .command)
    case .complete: completeCommand()
    case .recallOlder: recall(1)
    case .recallNewer: recall(-1)
    case .toggleLogarithmic: charts.isLogarithmic = !focusedChart.isLogarithmic
    case .cycleSmoothing: cycleSmoothing()
    case .cycleAxis: cycleAxis()
    case .toggleOutliers:
      charts.showsOutliers.toggle()
      say(
        charts.showsOutliers
          ? "the y axis spans all values" : "values far off are marked at the edge")
    case .zoomIn: zoomCharts(by: 2)
    case .zoomOut: zoomCharts(by: 0.5)
    case .panLeft: panCharts(by: -0.25)
    case .panRight: panCharts(by: 0.25)
    case .wholeAxis: showWholeAxis()
    case .moveCursor(let hundredths): moveCursor(by: hundredths)
    case .copy:
      guard let (text, what) = clipping else { return [] }
      say("copied \(what)")
      return [.copy(text)]
    case .filter: beginFilter()
    case .sort: cycleSort()
    case .reverse: layerView.isDescending.toggle()
    case .toggleLayerView: layerView.showsTraining.toggle()
    case .nextPredictionsView:
      predictionsView = predictionsView.next
      scroll[.predictions] = 0
    case .openChart: toggleChart()
    case .scrub: return toggleScrub()
    case .play: moveScrub { $0.togglePlaying() }
    case .stepBack: moveScrub { $0.go(to: $0.step - 1) }
    case .stepOn: moveScrub { $0.go(to: $0.step + 1) }
    case .slower: moveScrub { $0.changeSpeed(by: -1) }
    case .faster: moveScrub { $0.changeSpeed(by: 1) }
    case .previousMarker: moveScrub { $0.go(to: $0.marker(-1)?.step ?? 0) }
    case .nextMarker: moveScrub { $0.go(to: $0.marker(1)?.step ?? $0.lastStep) }
    case .confirm:
      if prompt != nil { return finishPrompt() }
      defer { overlay = nil }
      switch overlay {
      case .confirmStop(let run, let isQueued):
        say(
          isQueued
            ? "asked it to leave the queue"
            : "asked it to stop; it finishes its step and writes a checkpoint")
        return [.stop(run: run)]
      case .confirmDelete(let run): return [.delete(run: run)]
      case .confirmGrow(let run, let stage):
        say("asked for: \(ControlMessage.grow(Growth(stage: stage)).text)")
        return [.control(run: run, .grow(Growth(stage: stage)))]
      case .confirmStart: return reallyStart()
      case .presets(let picker):
        if let name = picker.choice { compose { $0.choose(preset: name) } }
      case .help, .compare, nil: break
      }
    }
    return []
  }

  private mutating func peel() {
    let isChart = contexts.contains(.charts)
    if prompt != nil {
      leavePrompt()
    } else if overlay != nil {
      overlay = nil
    } else if isChart, charts.cursor != nil {
      charts.cursor = nil
    } else if isChart, charts.visible != nil {
      charts.visible = nil
    } else if focus == .scalars, scalars.opened != nil {
      scalars.opened = nil
    } else if filters[focus] != nil {
      filters[focus] = nil
    } else if isZoomed {
      isZoomed = false
    } else {
      focusOn(panes.contains(.composer) ? .composer : .runs)
    }
  }

  private mutating func start() -> [Effect] {
    if let problem = composer.problems.first {
      complain("cannot train this: \(problem)")
      return []
    }
    if runs.isTraining {
      overlay = .confirmStart
      return []
    }
    return reallyStart()
  }

  private mutating func reallyStart(waits: Bool = false) -> [Effect] {
    defer { (startedFork, fork) = (fork, nil) }
    guard !waits else { return [.enqueue(composer.draft, from: fork)] }
    say("starting \(composer.draft.name)")
    bringAccuracyForward()
    isComposing = false
    // Until the worker is heard of, this is a training too.
    runs.awaited = ""
    return [.start(composer.draft, from: fork)]
  }

  // MARK: Focus and selection

  mutating func focusOn(_ pane: Pane) {
    if pane == .block, let plan = shownPlan, let block = BlockPane(self).block(in: plan) {
      layerRow = block.rows.lowerBound
    }
    focus = pane
    bringForward(pane)
    switch pane {
    case .composer: isComposing = true
    case .loss, .accuracy, .scalars, .predictions, .progress, .runs: isComposing = false
    case .layers, .block: break
    }
  }

  private mutating func cycleFocus(by direction: Int) {
    let index = panes.firstIndex(of: focus) ?? 0
    focusOn(panes[(index + direction + panes.count) % panes.count])
  }

  private mutating func move(by rows: Int) {
    switch overlay {
    case .presets(var picker):
      picker.move(by: rows)
      overlay = .presets(picker)
      return
    case .compare(var view):
      let last = CompareScreen.lastOffset(view, in: self)
      view.offset = max(0, min(view.offset + rows, last))
      overlay = .compare(view)
      return
    case .help(var view):
      let last = HelpOverlay.lastOffset(view, role, in: size)
      view.offset = max(0, min(view.offset + rows.signum(), last))
      overlay = .help(view)
      return
    case .confirmStart, .confirmStop, .confirmDelete, .confirmGrow, nil: break
    }
    switch focus {
    case .composer: composer.select(composer.selected + rows)
    case .layers: moveLayer(by: rows)
    case .runs: moveRun(by: rows)
    case .block: moveBlock(by: rows)
    case .scalars: moveChart(by: rows)
    // Within its bounds by the time it is drawn.
    case .predictions: scroll[.predictions, default: 0] += rows
    case .loss, .accuracy, .progress: break
    }
  }

  private mutating func showSelectedRun() {
    guard let path = selectedRun?.listing.path else { return }
    if path != runs.shown { showWholeAxis() }
    runs.show(path)
  }

  private mutating func loadSelectedRun() {
    guard let experiment = selectedRun?.experiment else { return }
    let before = composer.draft
    focusOn(.composer)
    compose { $0.load(experiment) }
    say(
      "the composer has the run's experiment"
        + (composer.draft == before ? " already" : "; z takes it back"))
  }

  // MARK: Mouse

  private mutating func take(_ event: MouseEvent) -> [Effect] {
    guard overlay == nil, let (pane, rect) = ScreenLayout(self).pane(at: event.position) else {
      if event.action == .press { overlay = nil }
      return []
    }
    if event.action != .release { composer.cancelEdit() }
    switch event.action {
    case .press:
      focusOn(pane)
      let row = event.position.y - rect.y - 1
      let size = rect.inset().size
      switch pane {
      case .composer:
        if let field = ComposerPane(self).field(atRow: row, in: size) {
          composer.select(field)
        }
      case .layers:
        if let layer = LayersPane(self).layer(atRow: row, in: size) {
          layerRow = layer
        }
      case .runs:
        if let run = RunsPane(self).run(atRow: row, in: size) {
          runs.selected = run
          showSelectedRun()
        }
      case .loss, .accuracy:
        let inner = rect.inset()
        placeCursor(
          at: event.position,
          in: Rect(x: inner.x + 1, y: inner.y, width: inner.width - 2, height: inner.height))
      case .scalars: clickChart(at: event.position, in: rect.inset())
      case .progress, .block, .predictions: break
      }
    case .wheelUp, .wheelDown:
      focusOn(pane)
      if contexts.contains(.charts) {
        zoomCharts(by: event.action == .wheelUp ? 1.25 : 0.8)
      } else {
        move(by: event.action == .wheelUp ? -1 : 1)
      }
    case .release: break
    }
    return []
  }
}
