public import Architecture
public import Experiments

/// The experiment that is being composed, and what it costs.
public struct Composer: Sendable {
  public private(set) var draft: Experiment
  /// The lowered network; nil where the draft describes none.
  public private(set) var plan: NetworkPlan?
  /// What keeps the draft from being a network, or from being trained; empty for a sound one.
  public private(set) var problems: [ExperimentError] = []
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
  private var undone: [Experiment] = []
  private var done: [Experiment] = []

  init(_ experiment: Experiment) {
    draft = experiment
    lower()
  }

  var fields: [ComposerField] { ComposerField.all(of: draft) }
  var field: ComposerField { fields[min(selected, fields.count - 1)] }
  var canUndo: Bool { !done.isEmpty }
  var canRedo: Bool { !undone.isEmpty }

  private mutating func lower() {
    problems = draft.problems
    if let dataSets, !dataSets.contains(draft.data.set) {
      problems.append(
        ExperimentError(
          key: "data.set",
          reason: "\(draft.data.set.rawValue) is not on this machine; set RESNET_TUI_DATA to the "
            + "folder that holds it, or choose another."))
    }
    plan = try? NetworkPlan(draft.network)
    selected = min(selected, fields.count - 1)
  }

  private mutating func change(to experiment: Experiment) {
    guard experiment != draft else { return }
    done.append(draft)
    if done.count > 500 { done.removeFirst() }
    undone = []
    draft = experiment
    // The default experiment's description is true of it alone.
    if draft.description == Experiment.standard.description { draft.description = "" }
    lower()
  }

  // MARK: What the user does

  mutating func select(_ row: Int) {
    selected = max(0, min(row, fields.count - 1))
    edit = nil
  }

  mutating func step(by direction: Int) { change(to: field.stepped(draft, by: direction)) }

  mutating func undo() {
    guard let last = done.popLast() else { return }
    undone.append(draft)
    show(last)
  }

  mutating func redo() {
    guard let next = undone.popLast() else { return }
    done.append(draft)
    show(next)
  }

  /// Takes the draft back, and selects what has changed.
  private mutating func show(_ other: Experiment) {
    let old = draft
    draft = other
    lower()
    if let row = fields.firstIndex(where: { field in
      !ComposerField.all(of: old).contains(field) || field.text(of: old) != field.text(of: other)
    }) {
      selected = row
    }
  }

  /// Takes another experiment as the draft; it can be undone.
  mutating func load(_ experiment: Experiment) { change(to: experiment) }

  mutating func beginEdit() {
    edit = field.text(of: draft)
    isEditFresh = true
  }

  mutating func type(_ character: Character) {
    guard let text = edit, isEditFresh || text.count < 80 else { return }
    edit = isEditFresh ? String(character) : text + String(character)
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
    if !text.isEmpty, text != field.text(of: draft) { change(to: try field.set(text, in: draft)) }
    edit = nil
  }
}
