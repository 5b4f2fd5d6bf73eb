import Architecture
import Cells
import Experiments

/// What the composer's keys do to the state.
extension State {
  /// Changes the draft, and shows where that changed the network.
  mutating func compose(_ change: (inout Composer) -> Void) {
    let network = composer.draft.network
    change(&composer)
    guard composer.draft.network != network else { return }
    isComposing = true
    if let row = composer.changedRows.firstIndex(of: true) {
      // With a little of what stands before it, unless it is in sight.
      if let rect = ScreenLayout(self).panes[.layers],
        !LayersPane(self).shows(row: row, in: rect.inset().size)
      {
        scroll[.layers] = max(0, row - 2)
      }
      layerRow = row
    }
    // Charts of the past give way.
    if front(of: [.layers, .accuracy, .block]) == .accuracy {
      bringForward(.block)
      bringForward(.layers)
    }
  }

  /// Takes what was typed; false where it is no value, with the reason on the screen.
  @discardableResult
  mutating func commitEdit() -> Bool {
    var reason: String?
    compose { composer in
      do throws(FieldError) {
        try composer.commitEdit()
      } catch {
        reason = error.reason
      }
    }
    if let reason { complain(reason) }
    return reason == nil
  }

  /// Changes the stage that is shown; the selection moves with it by `direction`.
  mutating func editStages(
    by direction: Int = 0, _ edit: (inout NetworkSpec, _ stage: Int) -> Void
  ) {
    let stage = min(composer.shownStage, composer.draft.network.stages.count - 1)
    let target = (stage + direction).clamped(to: 0...max(0, NetworkSpec.stageCounts.upperBound - 1))
    compose { $0.editStages(selecting: target) { edit(&$0, stage) } }
  }

  /// Selects the block that stands `count` blocks further down.
  mutating func moveBlock(by count: Int) {
    guard let plan = shownPlan else { return }
    var starts: [Int] = []
    var last: String?
    for row in plan.layers.indices {
      let name = BlockDiagram.name(ofRow: row, in: plan)
      if let name, name != last { starts.append(row) }
      last = name
    }
    let current = starts.lastIndex { $0 <= layerRow } ?? 0
    guard !starts.isEmpty else { return }
    layerRow = starts[max(0, min(current + count, starts.count - 1))]
  }

  mutating func pin() {
    composer.togglePin()
    guard let baseline = composer.baseline else { return }
    say(
      baseline.isPinned
        ? "costs are compared with this \(baseline.name) from now on"
        : "costs are compared with what each network started from")
  }

  /// The accuracy comes to stand beside the loss, unless the user has put something there that tells of
  /// another run as well.
  mutating func bringAccuracyForward() {
    let beside = front(of: [.accuracy, .block, .scalars, .predictions])
    if ![.scalars, .predictions].contains(beside) { bringForward(.accuracy) }
  }

  /// A run's charts come forward when another run is shown; a layer table in their place stays.
  mutating func bringChartsForward() {
    guard role != .watching else { return }
    let isTable = front(of: [.layers, .accuracy, .block]) == .layers
    bringAccuracyForward()
    if isTable { bringForward(.layers) }
  }

  /// What `c` compares: the marked runs; fewer than two are held against the draft, none means the
  /// baseline.
  var comparisonSubjects: [Comparison.Subject] {
    let entries = comparedEntries
    let names = RunNames(entries)
    var subjects = entries.compactMap { subject($0, name: names.name(of: $0.listing)) }
    guard subjects.count < 2, role != .watching, let plan = composer.plan else { return subjects }
    if subjects.isEmpty, let baseline = composer.baseline {
      return [
        Comparison.Subject(name: "\(baseline.name), baseline", network: baseline.plan),
        Comparison.Subject(name: "draft", network: plan),
      ]
    }
    subjects.append(Comparison.Subject(name: "draft", network: plan, experiment: composer.draft))
    return subjects
  }

  private func subject(_ entry: RunEntry, name: String) -> Comparison.Subject? {
    guard let plan = entry.plan, let experiment = entry.experiment else { return nil }
    return Comparison.Subject(
      name: name, network: plan, experiment: experiment, history: entry.history)
  }
}

extension PresetPicker {
  /// What is typed goes into the search.
  mutating func take(_ key: Key) {
    switch key {
    case .character(let character): type(character)
    case .backspace, .delete: deleteLast()
    default: break
    }
  }
}
