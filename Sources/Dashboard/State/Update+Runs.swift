import Architecture
import Cells
import EventLog
import Experiments

/// What the keys of the table of runs do to the state.
extension State {
  var selectedRun: RunEntry? {
    let order = RunRows(self).order
    guard order.contains(runs.selected) else { return order.first.map { runs.entries[$0] } }
    return runs.entries[runs.selected]
  }

  /// Selects the run that stands `count` positions further down.
  mutating func moveRun(by count: Int) {
    let rows = RunRows(self)
    guard !rows.order.isEmpty else { return }
    let position = rows.position(of: runs.selected) + count
    runs.selected = rows.order[position.clamped(to: 0...rows.order.count - 1)]
  }

  /// Keeps the selection on a run that is shown.
  mutating func settleRuns() {
    let order = RunRows(self).order
    if let first = order.first, !order.contains(runs.selected) { runs.selected = first }
  }

  mutating func cycleRunSort() {
    let columns = RunColumn.allCases
    switch runView.sort {
    case nil: runView.sort = columns.first
    case let sort?: runView.sort = columns.drop { $0 != sort }.dropFirst().first
    }
    say(
      runView.sort.map { "sorted by \($0.meaning); s goes on, r reverses" }
        ?? "those at work first, then the newest")
  }

  mutating func toggleHidden() {
    guard let path = selectedRun?.listing.path else { return }
    let position = RunRows(self).position(of: runs.selected)
    runView.hidden.formSymmetricDifference([path])
    let order = RunRows(self).order
    if !order.isEmpty { runs.selected = order[min(position, order.count - 1)] }
    if runView.hidden.contains(path) { say("hidden; A shows hidden runs") }
  }

  mutating func toggleBaseline() {
    guard let path = selectedRun?.listing.path else { return }
    runs.baseline = runs.baseline == path ? nil : path
    say(
      runs.baseline == nil
        ? "best accuracies are shown as they are"
        : "best accuracies are shown against this run's")
  }

  /// From the table of differences through the scatters and the errors, and back.
  mutating func showNextComparison() {
    guard case .compare(var view) = overlay else { return }
    view.content = view.content.next
    overlay = .compare(view)
  }

  /// The style of a run's curves while several are shown.
  func chartStyle(of path: String) -> Style? {
    let charted = runs.charted
    guard charted.count > 1, let index = charted.firstIndex(where: { $0.listing.path == path })
    else { return nil }
    return appearance.theme.series(index)
  }

  // MARK: Workers

  /// Why `R` would not go on with the selected run; nil where it would.
  var resumeObstacle: String? {
    guard let entry = selectedRun, let status = entry.listing.status else {
      return "there is no run to go on with"
    }
    if entry.hasWorker { return "its worker is at work" }
    if runs.awaited == entry.listing.path { return "its worker is being started" }
    if status.totalSteps == 0 { return "it never began; D deletes it" }
    return status.isComplete ? "it has come to its end; F forks it" : nil
  }

  mutating func resumeSelectedRun() -> [Effect] {
    guard let path = selectedRun?.listing.path else { return [] }
    say("going on with \(path)")
    bringAccuracyForward()
    runs.awaited = path
    startedFork = nil
    return [.resume(run: path)]
  }

  /// The run that `F` takes the draft from: the selected one of the table, else the one that is shown.
  var forkableRun: RunEntry? {
    let entry = focus == .runs ? selectedRun : runs.liveEntry
    return entry?.experiment == nil || entry?.listing.status == nil ? nil : entry
  }

  /// Takes a run's experiment for the draft, to begin where the charts' cursor stands, or where the run
  /// is now. Of the same run again, or in the composer, that is taken back.
  mutating func toggleFork() {
    let forkable = forkableRun
    if let fork, focus == .composer || forkable == nil || forkable?.listing.path == fork.run {
      self.fork = nil
      return say("no fork of \(fork.run): the draft begins with weights that are drawn")
    }
    guard let entry = forkable, let experiment = entry.experiment else { return }
    let step = entry.listing.path == runs.shown ? charts.cursor : nil
    fork = Fork(run: entry.listing.path, step: step)
    focusOn(.composer)
    // From its end there would be nothing left to do.
    let isAtEnd = entry.totalSteps.map { (step ?? entry.history.lastStep) >= $0 } ?? false
    compose { composer in
      var longer = experiment
      longer.continueGrowth(of: entry, after: step ?? entry.history.lastStep)
      if isAtEnd { longer.epochs = min(Experiment.epochLimit, 2 * longer.epochs) }
      composer.load(longer)
    }
    say(
      (isAtEnd ? "twice the epochs; " : "") + "t begins with the run's last checkpoint"
        + (step.map { " up to step \(NumberText.grouped($0))" } ?? ""))
  }

  /// Has words about the selected run, or the shown one, kept in its log.
  mutating func annotate(_ annotation: RunAnnotation) -> [Effect] {
    guard role == .session else {
      complain("only a session writes into logs")
      return []
    }
    guard let entry = focus == .runs ? selectedRun : runs.liveEntry else {
      complain("there is no run to speak of")
      return []
    }
    let path = entry.listing.path
    return entry.isListening
      ? [.control(run: path, .annotate(annotation))] : [.annotate(run: path, annotation)]
  }

  /// The stage of the shown run that `G` grows, from 1: that of the selected layer, else the last; nil
  /// where its blocks cannot be the identity.
  var growingStage: Int? {
    guard let plan = runs.liveEntry?.plan, plan.spec.growthObstacle == nil else { return nil }
    let isSelecting = (focus == .layers || focus == .block) && !showsDraft
    // nil where a filter leaves none.
    let row = LayerRows(self).flatMap { $0.row(at: $0.position(of: layerRow)) }
    let block =
      if isSelecting, let plan = shownPlan, let row { BlockDiagram.name(ofRow: row, in: plan) } else
      {
        String?.none
      }
    let stage = block.flatMap { $0.split(separator: ".").first }.flatMap {
      Int($0.dropFirst("layer".count))
    }
    return stage ?? plan.spec.stages.count
  }

  /// Sends the shown run's worker a message.
  mutating func control(_ message: ControlMessage) -> [Effect] {
    guard role != .replay else {
      complain("this is a replay")
      return []
    }
    guard let entry = runs.liveEntry, entry.isListening else {
      complain("no worker trains the run that is shown")
      return []
    }
    say("asked for: \(message.text)")
    return [.control(run: entry.listing.path, message)]
  }
}

extension Experiment {
  /// What a run's network had become after a step, with the blocks that were still to come.
  fileprivate mutating func continueGrowth(of entry: RunEntry, after step: Int) {
    let done = entry.growths.filter { $0.step <= step }
    guard let spec = try? network.grown(by: done) else { return }
    network = spec
    if let info = entry.info, info.stepsPerEpoch > 0 {
      grow.removeAll { $0.epoch <= step / info.stepsPerEpoch }
    }
  }
}
