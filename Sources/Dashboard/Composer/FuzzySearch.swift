/// Finding names by some of their letters.
enum FuzzySearch {
  /// The candidates that have the letters and digits of `query` in order, the best first: letters that stand
  /// together, at the start of a name or of a part of it, count for more. Equals stay in order.
  static func matches(_ query: String, among candidates: [String]) -> [Int] {
    let letters = folded(query).filter { $0 != "_" }
    let scored = candidates.enumerated().compactMap { index, name in
      score(letters, folded(name)).map { (index: index, score: $0) }
    }
    return scored.sorted { ($1.score, $0.index) < ($0.score, $1.index) }.map(\.index)
  }

  /// nil where a letter is missing. The best way to place the letters is counted, by dynamic
  /// programming over (letter, position).
  private static func score(_ query: [Character], _ name: [Character]) -> Int? {
    guard !query.isEmpty else { return 0 }
    guard query.count <= name.count else { return nil }
    // best[j]: of placing all letters so far with the last one at j.
    var best: [Int?] = Array(repeating: nil, count: name.count)
    for (i, letter) in query.enumerated() {
      var next: [Int?] = Array(repeating: nil, count: name.count)
      var bestBefore: Int? = i == 0 ? 0 : nil
      for j in name.indices {
        if name[j] == letter {
          let isStart = j == 0 || name[j - 1] == "_" || name[j].isNumber != name[j - 1].isNumber
          let alone = bestBefore.map { $0 + (isStart ? 3 : 1) }
          let together = i > 0 && j > 0 ? best[j - 1].map { $0 + 5 } : nil
          next[j] = [alone, together].compactMap { $0 }.max()
        }
        if i > 0, let here = best[j] { bestBefore = max(bestBefore ?? here, here) }
      }
      best = next
    }
    // Of two names with the same letters the shorter one is meant.
    return best.compactMap { $0 }.max().map { $0 * 64 - name.count }
  }

  private static func folded(_ text: String) -> [Character] {
    text.lowercased().map { " -".contains($0) ? "_" : $0 }
  }
}
