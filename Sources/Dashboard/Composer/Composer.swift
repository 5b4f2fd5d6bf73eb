public import Architecture
public import Experiments

/// The experiment that is being composed, and what it costs.
public struct Composer: Sendable {
  public private(set) var draft: Experiment
  /// The lowered network; nil where the draft describes none.
  public private(set) var plan: NetworkPlan?
  /// Those of `draft`, which each key and each drawing ask for several times.
  private(set) var fields: [ComposerField] = []
  /// What keeps the draft from being a network, or from being trained; empty for a sound one.
  public private(set) var problems: [ExperimentError] = []
  /// What the user has chosen to compare costs with.
  private var pin: Baseline?
  /// The preset or the experiment that the draft started from; nil before there was a network.
  private var start: Baseline?
  /// What costs are compared with; nil before there was a network.
  var baseline: Baseline? { pin ?? start }
  /// Which rows of `plan` the last edit made or changed; empty where there is none.
  private(set) var changedRows: [Bool] = []
  /// Selected row.
  private(set) var selected = 0
  /// What the user is typing in place of the selected value.
  private(set) var edit: String?
  /// The first character typed takes the place of the value that was there.
  private var isEditFresh = false
  /// Data sets that are at hand; nil while nobody has said.
  var dataSets: Set<DataSetKind>? {
    didSet { if dataSets != oldValue { lower() } }
  }
  /// A draft that can be gone back to, and what it started from.
  private struct Past {
    var draft: Experiment
    var start: Baseline?
  }

  private var undone: [Past] = []
  private var done: [Past] = []

  init(_ experiment: Experiment) {
    draft = experiment
    lower()
    beginAnew()
  }

  /// What the selected field is called.
  public var fieldLabel: String { field.facts.label }
  var field: ComposerField { fields[min(selected, fields.count - 1)] }
  /// The stage that the selection is in, or was in last.
  private(set) var shownStage = 0
  var canUndo: Bool { !done.isEmpty }
  var canRedo: Bool { !undone.isEmpty }

  private mutating func lower() {
    problems = draft.problems
    if let dataSets, !dataSets.contains(draft.data.set) {
      problems.append(
        ExperimentError(
          key: "data.set",
          reason: "\(draft.data.set.rawValue) is not on this machine; "
            + "'resnet-tui data fetch \(draft.data.set.rawValue)' fetches it, or set RESNET_TUI_DATA "
            + "to the folder that holds it, or choose another."))
    }
    plan = try? NetworkPlan(draft.network)
    let before = fields
    fields = ComposerField.all(of: draft)
    // The selection stays with its field; where that has gone, with the nearest one above.
    selected =
      before.prefix(selected + 1).reversed().lazy.compactMap(fields.firstIndex).first ?? 0
  }

  /// Takes `experiment` as the draft, and marks what that changes in the layers.
  private mutating func put(_ experiment: Experiment) {
    let before = plan
    let isOtherNetwork = experiment.network != draft.network
    draft = experiment
    lower()
    guard isOtherNetwork else { return }
    changedRows =
      if let plan, let before { PlanDifference.changedRows(of: plan, from: before) } else { [] }
  }

  private mutating func change(to experiment: Experiment) {
    guard experiment != draft else { return }
    var experiment = experiment
    // The default experiment's description is true of it alone.
    if experiment.description == Experiment.standard.description { experiment.description = "" }
    done.append(Past(draft: draft, start: start))
    undone = []
    put(experiment)
  }

  // MARK: Baseline

  /// The draft becomes what costs are compared with; pinned already, it is let go again.
  mutating func togglePin() {
    if let pin, pin.plan == plan { self.pin = nil } else { pin = asBaseline(isPinned: true) ?? pin }
  }

  /// What follows is compared with the draft, unless the user has chosen something else.
  private mutating func beginAnew() { start = asBaseline(isPinned: false) ?? start }

  /// The draft, for what follows to be compared with; nil where it is no network.
  private func asBaseline(isPinned: Bool) -> Baseline? {
    plan.map { plan in
      Baseline(
        name: ComposerField.preset.text(of: draft) == "own" ? draft.name : draft.network.name,
        plan: plan, precision: draft.precision, isPinned: isPinned)
    }
  }

  // MARK: What the user does

  mutating func select(_ row: Int) {
    selected = max(0, min(row, fields.count - 1))
    shownStage = field.stage ?? shownStage
    edit = nil
  }

  mutating func select(_ field: ComposerField) {
    if let row = fields.firstIndex(of: field) { select(row) }
  }

  mutating func step(by direction: Int) { take(field.stepped(draft, by: direction)) }

  mutating func undo() {
    guard let last = done.popLast() else { return }
    undone.append(Past(draft: draft, start: start))
    show(last)
  }

  mutating func redo() {
    guard let next = undone.popLast() else { return }
    done.append(Past(draft: draft, start: start))
    show(next)
  }

  /// Takes the draft back, and selects what has changed.
  private mutating func show(_ past: Past) {
    let (old, other) = (draft, past.draft)
    put(other)
    start = past.start
    let before = ComposerField.all(of: old)
    if let row = fields.firstIndex(where: { field in
      // The preset's star only says that something else has changed.
      field == .preset
        ? old.network.name != other.network.name
        : !before.contains(field) || field.text(of: old) != field.text(of: other)
    }) {
      select(row)
    }
  }

  /// Takes another experiment as the draft; it can be undone.
  mutating func load(_ experiment: Experiment) {
    change(to: experiment)
    beginAnew()
  }

  /// Takes a preset's network for the draft's images.
  mutating func choose(preset name: String) {
    var experiment = draft
    experiment.choose(preset: name)
    take(experiment)
  }

  /// What an edit made: another preset is a new start, and what follows is compared with it.
  private mutating func take(_ experiment: Experiment) {
    let isOtherPreset =
      experiment.network.name != draft.network.name
      && Preset.named(experiment.network.name) != nil
    change(to: experiment)
    if isOtherPreset { beginAnew() }
  }

  /// Changes the stages, and keeps the selection on the same number of `stage`.
  mutating func editStages(selecting stage: Int, _ edit: (inout NetworkSpec) -> Void) {
    let field = field
    var experiment = draft
    edit(&experiment.network)
    change(to: experiment)
    let last = draft.network.stages.count - 1
    select(field.moved(to: min(stage, last)))
  }

  // MARK: Typing

  mutating func beginEdit() {
    edit = field.text(of: draft)
    isEditFresh = true
  }

  mutating func type(_ character: Character) {
    guard let text = edit, isEditFresh || text.count < Self.editLimit else { return }
    edit = isEditFresh ? String(character) : text + String(character)
    isEditFresh = false
  }

  /// Characters that a value may have while it is typed.
  private static let editLimit = 4000

  /// Adds pasted text, with blanks for line breaks and tabs.
  ///
  /// - Throws: `FieldError` where it is too long; nothing is added then.
  mutating func insert(_ text: String) throws(FieldError) {
    guard let edit else { return }
    let line = String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 }).trimmingBlanks
    guard (isEditFresh ? 0 : edit.count) + line.count <= Self.editLimit else {
      throw FieldError(
        "what was pasted is too long: a value has \(Self.editLimit) characters at most")
    }
    for character in line { type(character) }
  }

  mutating func clearEdit() {
    edit = ""
    isEditFresh = false
  }

  mutating func deleteLast() {
    edit = edit.map { String($0.dropLast()) }
    isEditFresh = false
  }

  mutating func cancelEdit() { edit = nil }

  /// Takes what was typed; an empty text changes nothing.
  mutating func commitEdit() throws(FieldError) {
    guard let text = edit else { return }
    if !text.isEmpty, text != field.text(of: draft) { take(try field.set(text, in: draft)) }
    edit = nil
  }
}
