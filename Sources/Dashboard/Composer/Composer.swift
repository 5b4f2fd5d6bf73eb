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
    plan = try? NetworkPlan(draft.network)
    selected = min(selected, fields.count - 1)
  }

  private mutating func change(to experiment: Experiment) {
    guard experiment != draft else { return }
    done.append(draft)
    if done.count > 500 { done.removeFirst() }
    undone = []
    draft = experiment
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
    draft = last
    lower()
  }

  mutating func redo() {
    guard let next = undone.popLast() else { return }
    done.append(draft)
    draft = next
    lower()
  }

  /// Takes another experiment as the draft; it can be undone.
  mutating func load(_ experiment: Experiment) { change(to: experiment) }

  mutating func beginEdit() { edit = "" }
  mutating func type(_ character: Character) {
    guard let text = edit, text.count < 40 else { return }
    edit = text + String(character)
  }
  mutating func deleteLast() { edit = edit.map { String($0.dropLast()) } }
  mutating func cancelEdit() { edit = nil }

  /// Takes what was typed; an empty text changes nothing.
  mutating func commitEdit() throws(FieldError) {
    guard let text = edit else { return }
    if !text.isEmpty { change(to: try field.set(text, in: draft)) }
    edit = nil
  }
}
