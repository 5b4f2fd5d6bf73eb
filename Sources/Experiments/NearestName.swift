/// "Did you mean …" for names of a closed list.
public enum NearestName {
  /// The candidate that `name` was probably meant to be: equal but for case and separators, one
  /// that continues it, one within a third of its letters by Damerau–Levenshtein distance (optimal
  /// string alignment), or one that it continues. The first of equally near ones; nil if none is
  /// near.
  public static func suggestion(for name: String, among candidates: [String]) -> String? {
    guard name.utf8.count <= 64 else { return nil }
    let plain = folded(name)
    if let same = candidates.first(where: { folded($0) == plain }) { return same }
    if plain.count >= 3, let longer = candidates.first(where: { folded($0).starts(with: plain) }) {
      return longer
    }
    let most = max(1, plain.count / 3)
    var best: (name: String, distance: Int)?
    for candidate in candidates {
      let distance = distance(plain, folded(candidate))
      if distance <= most && distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    if let best { return best.name }
    return candidates.first {
      let other = folded($0)
      return other.count >= 3 && plain.starts(with: other)
    }
  }

  /// Lower-case letters and digits only.
  private static func folded(_ name: String) -> [Character] {
    Array(name.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " })
  }

  /// Insertions, deletions, substitutions and swaps of neighbours that turn one into the other.
  static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var beforePrevious: [Int] = []
    var previous = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var least = min(previous[j + 1], row[j]) + 1
        least = min(least, previous[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
          least = min(least, beforePrevious[j - 1] + 1)
        }
        row.append(least)
      }
      beforePrevious = previous
      previous = row
    }
    return previous[b.count]
  }
}
