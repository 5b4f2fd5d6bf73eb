/// A compiled pass: calls in order, and what their buffers need.
struct Program {
  var calls: [Call] = []
  var storage: [Storage] = []
  /// Where the outputs of rows can be looked at, in order of execution.
  var forwardHooks: [ForwardHook] = []

  /// A row's output and when it is there.
  struct ForwardHook {
    /// Index of the row of the layer plan.
    var row: Int
    var output: Buffer
    /// Measures mean and variance of each channel of the output.
    var norm: Norm
    /// Channels, without those that fill the last block.
    var channels: Int
    /// How many calls have run when the output is whole. Later calls may write over it.
    var calls: Int
  }

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
