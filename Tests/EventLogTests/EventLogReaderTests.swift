import Foundation
import TestSupport
import Testing

@testable import EventLog

@Suite struct EventLogReaderTests {
  private static let events = (1...6).map { step in
    LogEvent(
      wallTime: 100 + Double(step), step: step,
      values: [.scalar(tag: "loss/train", value: 1 / Float(step))])
  }

  /// Writes the events into a new log and returns its bytes.
  private func written(_ events: [LogEvent], to path: String) throws -> [UInt8] {
    let writer = try EventLogWriter(creating: path, wallTime: 100)
    for event in events { try writer.append(event) }
    let length = try writer.synchronize()
    writer.close()
    let bytes = try bytes(of: path)
    #expect(bytes.count == length)
    return bytes
  }

  private func values(_ poll: Poll) -> [LogEvent] { poll.events.filter { !$0.values.isEmpty } }

  @Test func readsBackWhatWasWritten() throws {
    try withScratchFolder { folder in
      let path = "\(folder)/\(EventFile.name(seconds: 7))"
      _ = try written(Self.events, to: path)
      var reader = EventLogReader(path: path)
      let poll = try reader.poll()
      #expect(values(poll) == Self.events)
      #expect(poll.isAtEnd && !poll.hasTornTail && poll.gaps.isEmpty && !poll.rewound)
      #expect(try reader.poll() == Poll())
      #expect(EventFile.files(in: folder) == [path])
      #expect(throws: EventLogError.self) {
        try EventLogWriter(creating: path, wallTime: 0)
      }
    }
  }

  @Test func followsALogThatGrows() throws {
    try withScratchFolder { folder in
      let path = "\(folder)/log"
      var reader = EventLogReader(path: path)
      #expect(try reader.poll() == Poll())
      let writer = try EventLogWriter(creating: path, wallTime: 0)
      for event in Self.events {
        try writer.append(event)
        #expect(try values(reader.poll()) == [event])
      }
    }
  }

  /// Wherever the file ends, what is whole has been read, and the rest comes once it is there.
  @Test func waitsForATornTail() throws {
    try withScratchFolder { folder in
      let whole = try written(Self.events, to: "\(folder)/whole")
      for cut in 0...whole.count {
        let path = "\(folder)/torn"
        try put(Array(whole[..<cut]), at: path)
        var reader = EventLogReader(path: path)
        let first = try reader.poll()
        #expect(first.gaps.isEmpty)
        #expect(values(first) == Array(Self.events.prefix(values(first).count)))
        // The same file goes on.
        let handle = try #require(FileHandle(forWritingAtPath: path))
        handle.seekToEndOfFile()
        handle.write(Data(whole[cut...]))
        try handle.close()
        let second = try reader.poll()
        #expect(values(first) + values(second) == Self.events)
        #expect(!second.hasTornTail && second.gaps.isEmpty)
      }
    }
  }

  /// One flipped byte costs one record at most, and is reported where it is.
  @Test func skipsDamage() throws {
    try withScratchFolder { folder in
      let whole = try written(Self.events, to: "\(folder)/whole")
      for offset in whole.indices {
        var damaged = whole
        damaged[offset] ^= 0x40
        let path = "\(folder)/damaged"
        try put(damaged, at: path)
        var reader = EventLogReader(path: path)
        let poll = try reader.poll()
        #expect(values(poll).count >= Self.events.count - 1)
        #expect(values(poll).allSatisfy(Self.events.contains))
        if let gap = poll.gaps.first {
          #expect(gap.offset <= offset && offset < gap.offset + gap.length)
        } else {
          // Damage in the last record, of which nothing says that it is not still to come.
          #expect(poll.hasTornTail)
        }
      }
    }
  }

  /// Where nobody writes any more, a torn tail is damage like any other.
  @Test func aTornTailOfAFinishedLogIsAGap() throws {
    try withScratchFolder { folder in
      let whole = try written(Self.events, to: "\(folder)/whole")
      try put(whole.dropLast(5) + [], at: "\(folder)/torn")
      var reader = EventLogReader(path: "\(folder)/torn")
      let poll = try reader.pollToEnd()
      #expect(values(poll) == Array(Self.events.dropLast()))
      let gap = try #require(poll.gaps.first)
      #expect(poll.gaps.count == 1 && gap.offset + gap.length == whole.count - 5)
      #expect(try reader.pollToEnd().gaps.isEmpty)
    }
  }

  /// A record that is too long to be read hides none behind it.
  @Test func passesOverALongRecord() throws {
    try withScratchFolder { folder in
      let path = "\(folder)/log"
      let whole = try written(Self.events, to: path)
      let length = 300 << 20
      var header = withUnsafeBytes(of: UInt64(length).littleEndian) { Array($0) }
      let checksum = header.withUnsafeBytes(CRC32C.masked)
      header += withUnsafeBytes(of: checksum.littleEndian) { Array($0) }
      let handle = try #require(FileHandle(forWritingAtPath: path))
      try handle.seek(toOffset: UInt64(whole.count))
      try handle.write(contentsOf: header)
      let end = whole.count + header.count + length + TFRecord.footerByteCount
      try handle.seek(toOffset: UInt64(end))
      try handle.write(contentsOf: whole)
      try handle.close()
      var reader = EventLogReader(path: path)
      var polls: [Poll] = []
      repeat { polls.append(try reader.poll()) } while !polls.last!.isAtEnd
      #expect(polls.flatMap(values) == Self.events + Self.events)
      #expect(
        polls.flatMap(\.gaps) == [LogGap(offset: whole.count, length: end - whole.count)])
      #expect(polls.last?.hasTornTail == false)
    }
  }

  /// A file that is all hole, but for its beginning, is not searched to its end.
  @Test func givesUpOnNoise() throws {
    try withScratchFolder { folder in
      let path = "\(folder)/sparse"
      let whole = try written(Self.events, to: path)
      let handle = try #require(FileHandle(forWritingAtPath: path))
      try handle.truncate(atOffset: 1 << 40)
      try handle.close()
      var reader = EventLogReader(path: path)
      var polls: [Poll] = []
      repeat { polls.append(try reader.pollToEnd(limit: 64 << 20)) } while !polls.last!.isAtEnd
      #expect(polls.flatMap(values) == Self.events)
      #expect(
        polls.flatMap(\.gaps) == [LogGap(offset: whole.count, length: 1 << 40 - whole.count)])
    }
  }

  @Test func takesAShrunkenOrReplacedFileAsRewound() throws {
    try withScratchFolder { folder in
      let path = "\(folder)/log"
      let whole = try written(Self.events, to: path)
      var reader = EventLogReader(path: path)
      _ = try reader.poll()
      let handle = try #require(FileHandle(forWritingAtPath: path))
      try handle.truncate(atOffset: UInt64(whole.count - 20))
      try handle.close()
      let shrunken = try reader.poll()
      #expect(shrunken.rewound && values(shrunken) == Array(Self.events.dropLast()))

      _ = try written(Self.events, to: "\(folder)/new")
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.moveItem(atPath: "\(folder)/new", toPath: path)
      let replaced = try reader.poll()
      #expect(replaced.rewound && values(replaced) == Self.events)

      try FileManager.default.removeItem(atPath: path)
      #expect(try reader.poll().rewound)
    }
  }

  @Test func readsNoMoreThanItMay() throws {
    try withScratchFolder { folder in
      let path = "\(folder)/log"
      let writer = try EventLogWriter(creating: path, wallTime: 0)
      let text = String(repeating: "x", count: 3 << 20)
      for step in 1...2 { try writer.append(step: step, wallTime: 0, text: text, tag: "t") }
      var reader = EventLogReader(path: path)
      var polls: [Poll] = []
      repeat { polls.append(try reader.poll(limit: 1 << 20)) } while !polls[polls.count - 1].isAtEnd
      #expect(polls.count > 3)
      #expect(polls.flatMap(values).map(\.step) == [1, 2])
    }
  }

  @Test func refusesWhatIsNoFile() throws {
    try withScratchFolder { folder in
      var reader = EventLogReader(path: folder)
      let error = #expect(throws: EventLogError.self) { try reader.poll() }
      #expect(error?.reason.contains("is not a file") == true)
    }
  }

  /// Whatever a file holds, reading it ends, and invents nothing.
  @Test(arguments: 0..<50)
  func survivesNoise(seed: UInt64) throws {
    var random = SeededGenerator(state: seed)
    try withScratchFolder { folder in
      let path = "\(folder)/noise"
      let count = Int.random(in: 0...5000, using: &random)
      try put((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }, at: path)
      var reader = EventLogReader(path: path)
      let poll = try reader.poll()
      #expect(poll.events.isEmpty && poll.isAtEnd)
      #expect(count == 0 || poll.hasTornTail || !poll.gaps.isEmpty)
    }
  }
}
