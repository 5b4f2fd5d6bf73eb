import Dashboard
import EventLog
import Foundation
import TestSupport
import Testing

@testable import resnet_tui

/// The event files of a run, some of which cannot be read.
@Suite struct LogTailTests {
  private func write(_ loss: Float, to path: String, step: Int = 1) throws {
    let writer = try EventLogWriter(creating: path, wallTime: 1)
    try writer.append(step: step, wallTime: 2, scalars: [("loss", loss)])
  }

  private func losses(_ polls: [Poll]) -> [Float] {
    polls.flatMap(\.events).flatMap(\.values).compactMap {
      if case .scalar("loss", let value) = $0 { value } else { nil }
    }
  }

  /// What can be read comes, before and behind what cannot, which is told once.
  @Test func oneBadFileHidesNoOther() throws {
    try withScratchFolder { folder in
      let names = (1...3).map { "\(folder)/events.out.tfevents.\($0).host" }
      for (name, loss) in zip(names, [0.5, 0.25, 0.125]) { try write(Float(loss), to: name) }
      var tail = LogTail(folder: folder)
      var budget = 1 << 20
      func polls(now: Double) -> [Poll] { tail.polls(budget: &budget, now: now, isFresh: true) }
      #expect(losses(polls(now: 1)) == [0.5, 0.25, 0.125] && tail.newFailure == nil)

      // Nobody can read a folder as a file.
      func makeUnreadable() throws {
        try FileManager.default.removeItem(atPath: names[1])
        try FileManager.default.createDirectory(
          atPath: names[1], withIntermediateDirectories: false)
      }
      try makeUnreadable()
      for name in [names[0], names[2]] {
        try EventLogWriter(appendingTo: name).append(step: 2, wallTime: 3, scalars: [("loss", 2)])
      }
      #expect(losses(polls(now: 2)) == [2, 2])
      #expect(tail.newFailure?.description.contains(names[1]) == true)
      #expect(polls(now: 3) == [] && tail.newFailure == nil)

      // What can be read again, and then cannot, is told again.
      try FileManager.default.removeItem(atPath: names[1])
      try write(0.25, to: names[1])
      // Where it is known for another file, all are read anew.
      _ = [4.0, 4.25, 4.5].map { polls(now: $0) }
      #expect(tail.newFailure == nil)
      try makeUnreadable()
      #expect(losses(polls(now: 5)) == [] && tail.newFailure != nil)
    }
  }

  /// A folder that is named twice, or together with one above it, is listed once.
  @Test func foldersAreListedOnce() throws {
    try withScratchFolder { folder in
      for name in ["a", "b"] {
        try FileManager.default.createDirectory(
          atPath: "\(folder)/logs/\(name)", withIntermediateDirectories: true)
        try write(1, to: "\(folder)/logs/\(name)/events.out.tfevents.1.host")
      }
      let roots = ["logs/a", "logs", "logs/b/"].map { "\(folder)/\($0)" }
      var catalog = RunCatalog(.logs(roots))
      #expect(catalog.listings().map(\.path).sorted() == [roots[0], "\(folder)/logs/b"])
    }
  }
}
