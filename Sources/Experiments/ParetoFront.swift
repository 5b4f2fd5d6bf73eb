/// Of things that cost something and are worth something, those that are worth more than every other that
/// costs no more.
public enum ParetoFront {
  /// Indices of the front, by cost.
  public static func indices(costs: [Double], values: [Double]) -> [Int] {
    precondition(costs.count == values.count)
    var best = -Double.infinity
    return costs.indices
      .sorted { (costs[$0], -values[$0], $0) < (costs[$1], -values[$1], $1) }
      .filter { index in
        defer { best = max(best, values[index]) }
        return values[index] > best
      }
  }
}
