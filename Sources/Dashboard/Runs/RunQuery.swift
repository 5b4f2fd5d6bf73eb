import EventLog
import Experiments

/// Words that say which runs are meant: all of them have to hold.
///
/// `resnet` stands in the name or the note; `block:bottleneck` is a setting of the experiment,
/// `state:finished`, `experiment:growth` and `run:deep` are what the table shows; `accuracy>0.9` compares a
/// number, or the latest value of a scalar.
struct RunQuery: Equatable {
  private var terms: [Term]

  private enum Term: Equatable {
    case word(String)
    case setting(key: String, value: String)
    case comparison(name: String, Relation, Double)
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
      guard let number = number(String(text[range.upperBound...])), !name.isEmpty else { break }
      return .comparison(name: name, relation, number)
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
      return value(of: name, entry).map { relation.holds($0, number) } ?? false
    }
  }

  /// Of the settings with this key or one that ends in it, and of the columns of text.
  private static func values(of key: String, in entry: RunEntry) -> [String] {
    switch key {
    case "state": return [entry.listing.state?.word ?? ""]
    case "experiment": return [entry.listing.experiment]
    case "run": return [entry.listing.id]
    default:
      return entry.settings.filter { $0.key == key || $0.key.hasSuffix(".\(key)") }.map(\.value)
    }
  }

  private func value(of name: String, _ entry: RunEntry) -> Double? {
    if let column = RunColumn.allCases.first(where: { $0.queryName == name }) {
      return entry.number(column)
    }
    if let tag = entry.history.tags.first(where: { $0.lowercased() == name }) {
      return entry.history.series(tag)?.latest?.value
    }
    let setting = entry.settings.first { $0.key == name || $0.key.hasSuffix(".\(name)") }
    return setting.flatMap { Double($0.value) }
  }
}
