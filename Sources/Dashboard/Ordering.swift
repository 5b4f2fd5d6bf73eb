extension Array where Element == Double? {
  /// The indices in the order of their numbers; equal ones stay in theirs, and what has no number
  /// comes last either way.
  func order(isDescending: Bool) -> [Int] {
    indices.sorted { a, b in
      switch (self[a], self[b]) {
      case (let first?, let second?):
        first == second ? a < b : (first > second) == isDescending
      case (nil, nil): a < b
      case (let first, _): first != nil
      }
    }
  }
}
