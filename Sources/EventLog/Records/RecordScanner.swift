/// Takes the events out of a log's bytes, which come piece by piece.
///
/// A record that is not whole is waited for. A damaged one is skipped: where its header is right up
/// to its end, else up to the next header that is. So is one that is too long to be read.
package struct RecordScanner: Sendable {
  /// Bytes of damage behind which no further record is looked for.
  private static let patience = 256 << 20

  /// What has come but is not yet understood; begins at `start`.
  private var pending: [UInt8] = []
  private var start: Int
  /// Where the damage began that is being skipped.
  private var damage: Int?
  /// Where a record ends that is too long to be read, and is being skipped.
  private var oversizedEnd: Int?

  /// - Parameter start: where in the log the first byte stands; a record has to begin there.
  package init(from start: Int = 0) { self.start = start }

  /// Bytes up to the end of the last record that is whole, or of the damage that was given up.
  package var wholeLength: Int { damage ?? start }

  /// Where in the log the next byte to come stands.
  package var position: Int { start + pending.count }

  /// Whether what came last is not understood yet.
  package var isInTheMiddle: Bool { !pending.isEmpty || damage != nil }

  /// Who wrote this much that is no record writes no log.
  var hasLostPatience: Bool {
    oversizedEnd == nil && damage.map { start - $0 > Self.patience } ?? false
  }

  /// Makes room for `count` bytes and takes as many of them as `fill` says that it has put there.
  package mutating func append(_ count: Int, from fill: (UnsafeMutableRawBufferPointer) -> Int) {
    let old = pending.count
    pending.append(contentsOf: repeatElement(0, count: count))
    let got = pending.withUnsafeMutableBytes {
      fill(UnsafeMutableRawBufferPointer(rebasing: $0[old...]))
    }
    pending.removeLast(count - got)
  }

  /// Takes every whole record out of what has come, into `poll`.
  package mutating func scan(into poll: inout Poll) {
    var offset = 0
    let base = start
    var (damage, oversizedEnd) = (damage, oversizedEnd)
    func closeGap(at end: Int) {
      if let begin = damage { poll.gaps.append(LogGap(offset: begin, length: base + end - begin)) }
      damage = nil
    }
    pending.withUnsafeBytes { bytes in
      scanning: while true {
        if let end = oversizedEnd {
          guard base + bytes.count >= end else {
            offset = bytes.count
            break scanning
          }
          offset = end - base
          closeGap(at: offset)
          oversizedEnd = nil
        }
        switch TFRecord.scan(bytes, at: offset) {
        case .record(let data, let end):
          closeGap(at: offset)
          if let event = LogEvent.decode(UnsafeRawBufferPointer(rebasing: bytes[data])) {
            poll.events.append(event)
          } else {
            poll.gaps.append(LogGap(offset: base + offset, length: end - offset))
          }
          offset = end
        case .damagedData(let end):
          if damage == nil { damage = base + offset }
          offset = end
          closeGap(at: offset)
        // In the middle of damage it would be chance.
        case .oversized(let end) where damage == nil:
          damage = base + offset
          oversizedEnd = base + end
        case .damagedHeader, .oversized:
          if damage == nil { damage = base + offset }
          offset += 1
        case .incomplete:
          break scanning
        }
      }
    }
    self.damage = damage
    self.oversizedEnd = oversizedEnd
    pending.removeFirst(offset)
    start += offset
  }

  /// Counts what is not understood yet, and all before `end`, as damaged.
  mutating func abandon(upTo end: Int, into poll: inout Poll) {
    let begin = wholeLength
    poll.gaps.append(LogGap(offset: begin, length: end - begin))
    self = RecordScanner(from: end)
  }
}
