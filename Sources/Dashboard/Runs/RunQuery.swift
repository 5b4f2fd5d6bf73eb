import Architecture
import EventLog
import Experiments

/// Words that say which runs are meant: all of them have to hold.
///
/// `resnet` stands in the name or the note; `block:bottleneck` and `augment:flip` are settings of the
/// experiment, `state:finished`, `experiment:growth` and `run:deep` are what the table shows; `accuracy>90%`
/// compares a column, a number of the settings, or the latest value of a scalar.
struct RunQuery: Equatable {
  private var terms: [Term]

  private enum Term: Equatable {
    case word(String)
    case setting(key: String, value: String)
    case comparison(name: String, Relation, Double)
    /// A comparison with what is no number.
    case senseless(String)
  }

  private enum Relation: String, CaseIterable {
    // Longer ones first: `>=` is no `>`.
    case atLeast = ">="
    case atMost = "<="
    case above = ">"
    case below = "<"
    case equal = "="

    func holds(_ a: Double, _ b: Double) -> Bool {
      switch self {
      case .atLeast: a >= b
      case .atMost: a <= b
      case .above: a > b
      case .below: a < b
      case .equal: abs(a - b) <= 1e-6 * max(abs(a), abs(b))
      }
    }
  }

  init(_ text: String) {
    terms = text.lowercased().split(separator: " ").map { Self.term(String($0)) }
  }

  private static func term(_ text: String) -> Term {
    for relation in Relation.allCases {
      guard let range = text.firstRange(of: relation.rawValue) else { continue }
      let name = String(text[..<range.lowerBound])
      let value = String(text[range.upperBound...])
      guard !name.isEmpty, !value.isEmpty else { return .senseless(text) }
      if let number = number(value) { return .comparison(name: name, relation, number) }
      return relation == .equal ? .setting(key: name, value: value) : .senseless(text)
    }
    if let colon = text.firstIndex(of: ":") {
      return .setting(
        key: String(text[..<colon]), value: String(text[text.index(after: colon)...]))
    }
    return .word(text)
  }

  /// `1.5m` is a million and a half, `90%` is 0.9.
  private static func number(_ text: String) -> Double? {
    let factors: [Character: Double] = ["k": 1e3, "m": 1e6, "g": 1e9, "%": 0.01]
    if let last = text.last, let factor = factors[last] {
      return Double(text.dropLast()).map { $0 * factor }
    }
    return Double(text)
  }

  /// What it asks for and no run has, such as a setting that is misspelt.
  func unknownNames(in entries: [RunEntry]) -> [String] {
    terms.compactMap { term in
      switch term {
      case .word: nil
      case .senseless(let text): text
      case .setting(let key, _):
        entries.contains { !Self.values(of: key, in: $0).isEmpty } ? nil : key
      case .comparison(let name, _, _):
        entries.contains { value(of: name, $0) != nil } ? nil : name
      }
    }
  }

  func matches(_ entry: RunEntry) -> Bool { terms.allSatisfy { matches(entry, $0) } }

  private func matches(_ entry: RunEntry, _ term: Term) -> Bool {
    switch term {
    case .word(let word):
      let texts = [entry.listing.name, entry.title ?? "", entry.note ?? ""]
      return texts.contains { $0.lowercased().contains(word) }
    case .setting(let key, let value):
      return Self.values(of: key, in: entry).contains { $0.lowercased().hasPrefix(value) }
    case .comparison(let name, let relation, let number):
      // 93 of an accuracy are percent.
      let wanted = number > 1 && Self.isAccuracy(name) ? number / 100 : number
      return value(of: name, entry).map { relation.holds($0, wanted) } ?? false
    case .senseless: return false
    }
  }

  /// Of the settings with this key or one that ends in it, and of the columns of text.
  private static func values(of key: String, in entry: RunEntry) -> [String] {
    switch key {
    case "state": return [entry.listing.state?.word ?? ""]
    case "experiment": return [entry.listing.experiment]
    case "run": return [entry.listing.id]
    default:
      // Of a list, each of its items too.
      return entry.settings.filter { $0.key == key || $0.key.hasSuffix(".\(key)") }.flatMap {
        [$0.value] + $0.value.split { "[], ".contains($0) }.map(String.init)
      }
    }
  }

  /// Whether what goes by this name is a part of 1.
  private static func isAccuracy(_ name: String) -> Bool {
    name.hasPrefix("accuracy/")
      || (RunColumn.best.queryNames + RunColumn.accuracy.queryNames).contains(name)
  }

  private func value(of name: String, _ entry: RunEntry) -> Double? {
    if let column = RunColumn.allCases.first(where: { $0.queryNames.contains(name) }) {
      return entry.number(column)
    }
    if name == "activations" { return entry.plan.map { Double($0.total.activations) } }
    // What was chosen, before what it has become.
    let settings = entry.settings.filter { $0.key == name || $0.key.hasSuffix(".\(name)") }
    if let number = settings.lazy.compactMap({ Double($0.value) }).first { return number }
    let tag = entry.history.tags.first { $0.lowercased() == name }
    return tag.flatMap { entry.history.series($0)?.latest?.value }
  }
}
