import Randomness

/// The numbers below `count` in an order drawn from `generator` (Fisher and Yates). The standard
/// library's `shuffled` does not promise the same order in its next version; this one stays.
func permutation(of count: Int, using generator: inout Philox) -> [Int] {
  var order = Array(0..<count)
  for i in stride(from: count - 1, to: 0, by: -1) {
    order.swapAt(i, generator.draw(below: i + 1))
  }
  return order
}

extension Philox {
  /// A number from 0..<`bound`: the high half of a 128-bit product, whose bias is below
  /// `bound` / 2⁶⁴.
  mutating func draw(below bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }
}
