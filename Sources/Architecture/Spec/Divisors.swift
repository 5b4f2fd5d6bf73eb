/// The nearest possible values for one that does not divide a number.
enum Divisors {
  /// Up to three divisors of `number` next to `value`, in ascending order: the nearest, with those
  /// around it.
  static func near(_ value: Int, of number: Int) -> [Int] {
    guard number > 0 else { return [] }
    var small: [Int] = []
    var large: [Int] = []
    var candidate = 1
    while candidate * candidate <= number {
      if number % candidate == 0 {
        small.append(candidate)
        if candidate * candidate < number { large.append(number / candidate) }
      }
      candidate += 1
    }
    let all = small + large.reversed()
    let above = all.firstIndex { $0 >= value } ?? all.count
    return Array(all[max(0, above - 2)..<min(all.count, above + 1)])
  }

  /// `16, 24 or 48`.
  static func text(_ values: [Int]) -> String {
    guard let last = values.last, values.count > 1 else { return values.map(String.init).joined() }
    return values.dropLast().map(String.init).joined(separator: ", ") + " or \(last)"
  }
}
