import Cells
import EventLog
import Foundation

/// How long it takes to read a log of a million scalars into what the dashboard keeps of it.
enum LoadBenchmark {
  static let tags = 20
  static let scalars = 1_000_000

  static func run() throws -> Bool {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("resnet-tui-load-\(getpid())").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try write(to: path)
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    let megabytes = Double((attributes[.size] as? Int) ?? 0) / 1e6
    var timing = Timing()
    for _ in 0..<5 { try timing.measure { _ = try load(path) } }
    return timing.report(
      "load of \(NumberText.grouped(scalars)) scalars in \(tags) tags, "
        + "\(NumberText.fixed(megabytes, decimals: 0)) MB", bound: 1000)
  }

  /// One event a scalar, as PyTorch's SummaryWriter writes them.
  static func write(to path: String) throws {
    let writer = try EventLogWriter(creating: path, wallTime: 1)
    for index in 0..<scalars {
      let (step, tag) = (index / tags, index % tags)
      try writer.append(
        step: step, wallTime: Double(index), scalars: [("group/tag\(tag)", Float(index % 1000))])
    }
    writer.close()
  }

  /// Seconds, and what was read.
  static func load(_ path: String) throws -> RunHistory {
    var reader = EventLogReader(path: path)
    var history = RunHistory()
    var poll: Poll
    repeat {
      poll = try reader.pollToEnd()
      history.apply(poll)
    } while !poll.isAtEnd
    return history
  }
}
