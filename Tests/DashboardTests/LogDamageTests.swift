import Cells
import EventLog
import Experiments
import Foundation
import TestSupport
import Testing

@testable import Dashboard

/// A log of some 20 KB that ends anywhere, and one that has a wrong byte anywhere.
///
/// `RESNET_TUI_DAMAGE=all` draws a screen for every byte, not for some, and flips every bit.
@Suite struct LogDamageTests {
  private static let isThorough =
    ProcessInfo.processInfo.environment["RESNET_TUI_DAMAGE"] == "all"

  /// A run's log: what it says, its bytes, and where each of its records ends.
  private struct Log {
    var events: [LogEvent] = []
    var bytes: [UInt8] = []
    /// The version record is the first.
    var ends: [Int] = []

    init(in folder: String) throws {
      let path = "\(folder)/whole"
      let writer = try EventLogWriter(creating: path, wallTime: Scenario.start)
      ends.append(try writer.synchronize())
      for event in Scenario.log(.standard, steps: 330).events {
        try writer.append(event)
        ends.append(try writer.synchronize())
      }
      writer.close()
      bytes = try TestSupport.bytes(of: path)
      var reader = EventLogReader(path: path)
      events = try reader.poll().events
    }

    /// How many records are whole in the first `length` bytes.
    func count(upTo length: Int) -> Int { ends.count { $0 <= length } }
  }

  private func screen(_ poll: Poll) -> String {
    var history = RunHistory()
    history.apply(poll)
    return FrameText.encode(
      view(
        Replay.state(
          path: "experiments/first-run/runs/1", status: nil, history: history, isComplete: true,
          size: Size(width: 80, height: 24), appearance: Appearance())))
  }

  /// Wherever the file ends, the replay is that of its whole records.
  @Test func truncatedAnywhere() throws {
    try withScratchFolder { folder in
      let log = try Log(in: folder)
      #expect((18_000..<30_000).contains(log.bytes.count) && log.events.count == log.ends.count)
      var screens: [Int: String] = [:]
      var drawn = 0
      for length in 0...log.bytes.count {
        let path = "\(folder)/cut"
        try put(Array(log.bytes[..<length]), at: path)
        var reader = EventLogReader(path: path)
        let poll = try reader.poll()
        let count = log.count(upTo: length)
        try #require(poll.events == Array(log.events[..<count]), "\(length) bytes")
        try #require(poll.gaps.isEmpty && poll.isAtEnd)
        try #require(poll.hasTornTail == (length > 0 && log.ends.last { $0 <= length } != length))
        // Nobody is going to write the rest of it: it is reported.
        var finished = EventLogReader(path: path)
        let gaps = try finished.pollToEnd().gaps
        let end = count == 0 ? 0 : log.ends[count - 1]
        try #require(gaps == (end == length ? [] : [LogGap(offset: end, length: length - end)]))
        guard Self.isThorough || length.isMultiple(of: 61) else { continue }
        drawn += 1
        if screens[count] == nil {
          var prefix = Poll()
          prefix.events = Array(log.events[..<count])
          screens[count] = screen(prefix)
        }
        try #require(screen(poll) == screens[count], "\(length) bytes")
      }
      print("truncation: \(log.bytes.count + 1) offsets tried, \(drawn) screens drawn")
    }
  }

  /// A wrong byte costs the record that it stands in, and the gap is shown.
  @Test func wrongAnywhere() throws {
    try withScratchFolder { folder in
      let log = try Log(in: folder)
      var random = SeededGenerator(state: 6)
      var (tried, drawn) = (0, 0)
      for offset in log.bytes.indices {
        let flips: [UInt8] =
          Self.isThorough
          ? (0..<8).map { 1 << $0 } + [0xFF] : [UInt8.random(in: 1...255, using: &random)]
        // Of the record that the byte belongs to.
        let record = log.count(upTo: offset)
        for flip in flips {
          var bytes = log.bytes
          bytes[offset] ^= flip
          let path = "\(folder)/damaged"
          try put(bytes, at: path)
          var reader = EventLogReader(path: path)
          let poll = try reader.pollToEnd()
          var left = log.events
          left.remove(at: record)
          try #require(poll.events == left, "byte \(offset), \(flip)")
          let start = record == 0 ? 0 : log.ends[record - 1]
          try #require(
            poll.gaps == [LogGap(offset: start, length: log.ends[record] - start)],
            "byte \(offset), \(flip)")
          tried += 1
          guard flip == flips[0], Self.isThorough || offset.isMultiple(of: 211) else { continue }
          drawn += 1
          try #require(screen(poll).contains("the log is damaged"), "byte \(offset), \(flip)")
        }
      }
      print("damage: \(tried) flips tried, \(drawn) screens drawn")
    }
  }
}
