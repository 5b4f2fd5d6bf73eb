/// Which of a ring of slots is being filled, waits, or is lent: a producer fills slot
/// `filled % slots`, a consumer borrows slot `returned % slots`, one at a time and in order.
///
/// Invariant: `returned` ≤ `filled` ≤ `returned + slots`.
struct PrefetchState: Equatable {
  let slots: Int
  /// Batches filled, and batches lent and given back, since the start.
  private(set) var filled = 0
  private(set) var returned = 0
  /// No batch follows those that are filled.
  private(set) var isAtEnd = false
  /// The consumer wants no more.
  private(set) var isCancelled = false
  /// The producer touches no slot any more.
  private(set) var hasExited = false

  init(slots: Int) {
    self.slots = slots
  }

  enum Production: Equatable {
    case fill(slot: Int)
    case wait, exit
  }

  /// What the producer does now.
  var production: Production {
    if isCancelled || isAtEnd { return .exit }
    return filled - returned < slots ? .fill(slot: filled % slots) : .wait
  }

  enum Consumption: Equatable {
    case borrow(slot: Int)
    case wait, end
  }

  /// What the consumer does now.
  var consumption: Consumption {
    if isCancelled { return .end }
    if returned < filled { return .borrow(slot: returned % slots) }
    return isAtEnd || hasExited ? .end : .wait
  }

  mutating func didFill(isLast: Bool) {
    precondition(filled - returned < slots)
    filled += 1
    isAtEnd = isLast
  }

  mutating func giveBack() {
    precondition(returned < filled)
    returned += 1
  }

  mutating func cancel() { isCancelled = true }

  mutating func exit() { hasExited = true }
}
