import Randomness

extension ImageSet {
  /// Sets `n` images apart for validation (`data.holdout`): drawn from `seed` without replacement,
  /// both parts in the set's order.
  ///
  /// - Throws: `DatasetError.option` unless 0 ≤ `n` < `count`.
  public func holdingOut(
    _ n: Int, seed: UInt64
  ) throws(DatasetError) -> (training: ImageSet, validation: ImageSet) {
    guard n >= 0, n < count else {
      throw .option(
        key: "holdout", reason: "\(n) of \(count) training images; give 0 to \(count - 1)")
    }
    var generator = Philox(seed: seed, purpose: "holdout")
    let order = permutation(of: count, using: &generator)
    return (selecting(order[n...].sorted()), selecting(order[..<n].sorted()))
  }
}
