import Architecture

/// The search for a preset: what is typed, and what it finds.
struct PresetPicker: Equatable, Sendable {
  struct Entry: Equatable, Sendable {
    var name: String
    var source: String
    /// For the draft's images and classes; nil where the preset cannot take them.
    var cost: NetworkPlan.Cost?
  }

  private(set) var query = ""
  /// Row among the matches.
  private(set) var selected = 0
  /// C×H×W of the images that the costs are for.
  let input: ImageShape
  private let entries: [Entry]
  private(set) var matches: [Entry]

  /// - Parameter images: the network whose input and classes the presets are to have.
  init(images: NetworkSpec) {
    input = images.input
    entries = Preset.all.map { preset in
      let plan = try? NetworkPlan(preset.spec.forImages(of: images))
      return Entry(name: preset.name, source: preset.source, cost: plan?.total)
    }
    matches = entries
  }

  var choice: String? { matches.indices.contains(selected) ? matches[selected].name : nil }

  mutating func type(_ character: Character) {
    guard query.count < 40 else { return }
    query.append(character)
    search()
  }

  mutating func deleteLast() {
    query = String(query.dropLast())
    search()
  }

  mutating func move(by rows: Int) {
    selected = max(0, min(selected + rows, matches.count - 1))
  }

  private mutating func search() {
    matches = FuzzySearch.matches(query, among: entries.map(\.name)).map { entries[$0] }
    selected = 0
  }
}
