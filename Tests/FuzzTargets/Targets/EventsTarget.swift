import EventLog

extension FuzzTarget {
  /// A log as it lies on a disk: every byte is in a record, a gap or the torn tail, and however the
  /// bytes come, the same is read.
  static let events = FuzzTarget(
    name: "events", lengthLimit: 1024, shortRun: 200_000, dictionary: ["brain.Event:2", "text"],
    bytes: [LogSamples.record([]), LogSamples.record([0]), [UInt8](repeating: 0, count: 12)],
    seeds: LogSamples.logs
  ) { bytes throws(FuzzFailure) in
    let expected = LogOutline(bytes)
    let whole = LogReading(bytes, pieces: [bytes.count])
    try expected.compare(with: whole)
    // Where the bytes are parted follows from them.
    let cut = bytes.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF } % (bytes.count + 1)
    for pieces in [[cut, bytes.count - cut], [cut / 2, cut - cut / 2, bytes.count - cut]] {
      let parted = LogReading(bytes, pieces: pieces)
      try require(
        parted.scanner.wholeLength == whole.scanner.wholeLength
          && parted.scanner.position == whole.scanner.position
          && parted.poll.gaps == whole.poll.gaps
          && parted.poll.events.map(ExactEvent.init) == whole.poll.events.map(ExactEvent.init),
        "a log in pieces of \(pieces) reads as in one")
    }
    try HistoryCheck.check(whole.poll)
  }
}

/// What the scanner makes of a log that comes in pieces.
struct LogReading {
  var scanner = RecordScanner()
  var poll = Poll()

  init(_ bytes: [UInt8], pieces: [Int]) {
    var offset = 0
    for count in pieces {
      scanner.append(count) { room in
        room.copyBytes(from: bytes[offset..<offset + count])
        return count
      }
      offset += count
      scanner.scan(into: &poll)
    }
  }
}

/// Where a log's records, gaps and tail lie, by the framing's definition.
struct LogOutline {
  private var events = 0
  private var gaps: [LogGap] = []
  /// Bytes up to the torn tail.
  private var wholeLength = 0

  init(_ bytes: [UInt8]) {
    var offset = 0
    var damage: Int?
    func number(_ width: Int, at index: Int) -> UInt64 {
      bytes[index..<index + width].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    func isSealed(_ range: Range<Int>) -> Bool {
      Self.maskedChecksum(bytes[range]) == UInt32(number(4, at: range.upperBound))
    }
    while bytes.count - offset >= 12 {
      let length = number(8, at: offset)
      if length > 64 << 20, length <= 1 << 40, damage == nil, isSealed(offset..<offset + 8) {
        // Too long to be read.
        let end = offset + 12 + Int(length) + 4
        damage = offset
        guard end <= bytes.count else { break }
        gaps.append(LogGap(offset: offset, length: end - offset))
        (damage, offset) = (nil, end)
        continue
      }
      guard length <= 64 << 20, isSealed(offset..<offset + 8) else {
        damage = damage ?? offset
        offset += 1
        continue
      }
      let data = offset + 12..<offset + 12 + Int(length)
      guard data.upperBound + 4 <= bytes.count else { break }
      let isWhole = isSealed(data)
      if let begin = damage, isWhole { gaps.append(LogGap(offset: begin, length: offset - begin)) }
      let isEvent = isWhole && bytes[data].withUnsafeBytes { LogEvent.decode($0) } != nil
      if isEvent { events += 1 }
      let begin = isWhole ? offset : damage ?? offset
      offset = data.upperBound + 4
      if !isEvent { gaps.append(LogGap(offset: begin, length: offset - begin)) }
      damage = nil
    }
    wholeLength = damage ?? offset
  }

  func compare(with reading: LogReading) throws(FuzzFailure) {
    try require(reading.poll.events.count == events, "\(events) records are events")
    try require(reading.poll.gaps == gaps, "\(gaps) are the gaps, not \(reading.poll.gaps)")
    try require(reading.scanner.wholeLength == wholeLength, "\(wholeLength) bytes are whole")
  }

  /// CRC-32C, rotated and offset.
  private static func maskedChecksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    let crc = Checksum.castagnoli.of(bytes)
    return (crc >> 15 | crc << 17) &+ 0xA282_EAD8
  }
}
