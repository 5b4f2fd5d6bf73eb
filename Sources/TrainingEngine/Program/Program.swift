/// A compiled pass: calls in order, and what their buffers need.
struct Program {
  var calls: [Call] = []
  var storage: [Storage] = []

  /// Adds a buffer that lives in the arena while calls need it.
  mutating func planned(byteCount: Int) -> Buffer {
    storage.append(.planned(byteCount: byteCount))
    return Buffer(index: storage.count - 1)
  }

  /// Adds a buffer at an address that is known when the network's memory is.
  mutating func resident(_ resident: Resident) -> Buffer {
    storage.append(.resident(resident))
    return Buffer(index: storage.count - 1)
  }

  /// Offsets in the arena for the planned buffers, by their index.
  func arena() -> (plan: ArenaPlan, offsets: [Int: Int]) {
    var lifetimes: [Int: ClosedRange<Int>] = [:]
    for (time, call) in calls.enumerated() {
      for buffer in call.buffers {
        let first = lifetimes[buffer.index]?.lowerBound ?? time
        lifetimes[buffer.index] = first...time
      }
    }
    var indices: [Int] = []
    var requests: [ArenaPlan.Request] = []
    for (index, storage) in storage.enumerated() {
      guard case .planned(let byteCount) = storage, let lifetime = lifetimes[index] else {
        continue
      }
      indices.append(index)
      requests.append(ArenaPlan.Request(byteCount: byteCount, lifetime: lifetime))
    }
    let plan = ArenaPlan(requests)
    return (plan, Dictionary(uniqueKeysWithValues: zip(indices, plan.offsets)))
  }
}
