import Foundation

/// The batches between the thread that fills them and the one that reads them. A slot belongs to one
/// of the two at any time, as `PrefetchState` says; the state itself is guarded by the condition.
final class PrefetchQueue: @unchecked Sendable {
  private let condition = NSCondition()
  private var state: PrefetchState
  private let buffers: UnsafeMutableBufferPointer<BatchBuffer>

  init(slots: Int, batch: Int, imageSize: Int) {
    state = PrefetchState(slots: slots)
    buffers = .allocate(capacity: slots)
    for slot in 0..<slots {
      buffers.initializeElement(at: slot, to: BatchBuffer(batch: batch, imageSize: imageSize))
    }
  }

  deinit {
    for buffer in buffers { buffer.deallocate() }
    buffers.deallocate()
  }

  /// The producer's whole life: fills slots until the end or until it is cancelled.
  func produce(_ preparer: consuming BatchPreparer) {
    var position: BatchPosition? = preparer.start
    while let current = position, let slot = slotToFill() {
      preparer.fill(&buffers[slot], at: current)
      position = preparer.position(after: current)
      update { $0.didFill(isLast: position == nil) }
    }
    update { $0.exit() }
  }

  /// Waits for a slot to fill, or returns nil once the producer shall exit.
  private func slotToFill() -> Int? {
    condition.withLock {
      while true {
        switch state.production {
        case .fill(let slot): return slot
        case .exit: return nil
        case .wait: condition.wait()
        }
      }
    }
  }

  /// Waits for the next batch, or returns nil at the end. It stays the consumer's until `giveBack`.
  func borrow() -> BatchBuffer? {
    condition.withLock {
      while true {
        switch state.consumption {
        case .borrow(let slot): return buffers[slot]
        case .end: return nil
        case .wait: condition.wait()
        }
      }
    }
  }

  func giveBack() { update { $0.giveBack() } }

  /// Returns once the producer has exited.
  func cancelAndWait() {
    condition.withLock {
      state.cancel()
      condition.broadcast()
      while !state.hasExited { condition.wait() }
    }
  }

  private func update(_ change: (inout PrefetchState) -> Void) {
    condition.withLock {
      change(&state)
      condition.broadcast()
    }
  }
}
