import EventLog

extension FuzzTarget {
  /// What stands in records whose frames are right: the input is lengths of two bytes, each with as
  /// much data. The small decoder reads what the library reads, and what was read is written and
  /// read again as it was.
  static let records = FuzzTarget(
    name: "records", lengthLimit: 1024, shortRun: 200_000,
    dictionary: ["loss/train", "run/note", "run/control", "text", "images", "scalars"],
    bytes: [[0x0A], [0x2A], [0x12], [0x15, 0, 0, 0x80, 0x7F], [0x10], [0x09], [0x42], [0x4A]],
    seeds: LogSamples.payloads.map(framed) + [Array(LogSamples.payloads.map(framed).joined())]
  ) { bytes throws(FuzzFailure) in
    let payloads = unframed(bytes)
    var log: [UInt8] = []
    for payload in payloads {
      TFRecord.append(payload, to: &log)
      try checkDecoding(payload)
    }
    let reading = LogReading(log, pieces: [log.count])
    try require(
      reading.poll.events.count + reading.poll.gaps.count == payloads.count
        && !reading.scanner.isInTheMiddle,
      "each of \(payloads.count) records is an event or a gap")
    try HistoryCheck.check(reading.poll)
  }

  private static func checkDecoding(_ payload: [UInt8]) throws(FuzzFailure) {
    let (fast, library) = payload.withUnsafeBytes {
      (ScalarEventDecoder.decode($0), LogEvent.decodeMessage($0))
    }
    if let fast {
      try require(
        library.map(ExactEvent.init) == ExactEvent(fast),
        "the library reads \(fast) too, not \(library as Any)")
    }
    guard let library else { return }
    // Sizes that no message can hold are clamped, once.
    guard let once = library.data.withUnsafeBytes(LogEvent.decode),
      let twice = once.data.withUnsafeBytes(LogEvent.decode)
    else { throw FuzzFailure("\(library) cannot be read again") }
    try require(
      ExactEvent(once) == ExactEvent(twice) && once.values.count == library.values.count,
      "\(library) reads back")
  }

  private static func framed(_ payload: [UInt8]) -> [UInt8] {
    [UInt8(payload.count & 0xFF), UInt8(payload.count >> 8)] + payload
  }

  private static func unframed(_ bytes: [UInt8]) -> [[UInt8]] {
    var payloads: [[UInt8]] = []
    var rest = bytes[...]
    while rest.count >= 2 {
      let count = Int(rest.removeFirst()) | Int(rest.removeFirst()) << 8
      payloads.append(Array(rest.prefix(count)))
      rest = rest.dropFirst(count)
    }
    return payloads
  }
}
