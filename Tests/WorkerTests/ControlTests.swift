import Architecture
import Datasets
import EventLog
import Experiments
import Foundation
import TestSupport
import Testing

@testable import Worker

/// Messages to a training that goes on.
@Suite(.serialized) struct ControlTests {
  /// One that only a message ends.
  private static let experiment = {
    var experiment = Experiment.small
    experiment.epochs = 10_000
    return experiment
  }()

  /// Trains in this thread while `talk` sends messages from another; it has to end with `stop`.
  private func train(
    _ experiment: Experiment = Self.experiment, in folder: String,
    talk: @escaping @Sendable (ControlMailbox) -> Void
  ) throws -> RunSummary {
    let mailbox = ControlMailbox()
    let training = try TrainingRun(
      experiment, directory: RunDirectory(path: folder),
      location: DatasetLocation(folders: []),
      options: TrainingRun.Options(threads: 1, version: "test"), progress: SilentProgress(),
      control: mailbox)
    let thread = Thread { talk(mailbox) }
    thread.start()
    defer { mailbox.close() }
    return try training.run()
  }

  /// The number behind "step" in a reply.
  private func step(_ reply: ControlReply) throws -> Int {
    try #require(reply.text.firstMatch(of: /step (\d+)/).flatMap { Int($0.1) })
  }

  @Test func everyMessageIsDoneAndRecorded() throws {
    try withScratchFolder { root in
      let folder = "\(root)/run"
      let replies = Replies()
      let summary = try train(in: folder) { mailbox in
        for message: ControlMessage in [
          .resume, .pause, .pause, .checkpoint, .setLearningRate(0.02), .resume, .stop,
        ] {
          replies.add(mailbox.post(message))
          if message == .pause {
            replies.add(try? RunStatus.read(from: RunDirectory(path: folder)))
          }
        }
      }
      let all = replies.all
      #expect(all.map(\.isDone) == [false, true, false, true, true, true, true])
      // Nothing happens between pause and resume.
      let paused = try step(all[1])
      #expect(all[3].text.contains("step-"))
      #expect(try step(all[4]) == paused + 1 && step(all[5]) == paused + 1)
      #expect(replies.states == [.paused, .paused])
      #expect(summary.state == "stopped" && summary.step >= paused + 1)
      let files = try names(in: "\(folder)/checkpoints")
      let text = String(paused)
      let padded = String(repeating: "0", count: 8 - text.count) + text
      #expect(files.contains("step-\(padded).safetensors"))

      let history = try loggedHistory(folder)
      #expect(
        history.remarks.map(\.text) == [
          "pause", "checkpoint", "set learning_rate 0.02", "resume", "stop",
        ])
      #expect(history.remarks.prefix(4).allSatisfy { $0.step == paused })
      // The last recorded rate, at the end of the run, is the one that was set.
      #expect(history.series("learning_rate")?.latest?.value == Double(Float(0.02)))
      let status = try RunStatus.read(from: RunDirectory(path: folder))
      #expect(status.state == .stopped && status.exitCode == 143)
    }
  }

  /// A schedule that has come to next to nothing is not scaled beyond all numbers.
  @Test func ratesStayNumbers() throws {
    try withScratchFolder { root in
      var experiment = Self.experiment
      experiment.optimizer.learningRate = 1e-307
      let replies = Replies()
      let summary = try train(experiment, in: "\(root)/run") { mailbox in
        for message: ControlMessage in [.setLearningRate(1000), .checkpoint, .stop] {
          replies.add(mailbox.post(message))
        }
      }
      #expect(replies.all.map(\.isDone) == [false, true, true] && summary.state == "stopped")
    }
  }

  /// Whatever comes over the socket, there is an answer, and the next message is heard.
  @Test func theSocketOutlivesNonsense() throws {
    try withScratchFolder { root in
      let folder = "\(root)/run"
      let socket = Sockets(folder: folder, runtime: root)
      let replies = Replies()
      let mailbox = ControlMailbox()
      let training = try TrainingRun(
        Self.experiment, directory: RunDirectory(path: folder),
        location: DatasetLocation(folders: []),
        options: TrainingRun.Options(threads: 1, version: "test"), progress: SilentProgress(),
        control: mailbox)
      let server = try ControlServer(socket.socket, mailbox: mailbox, patience: 3)
      defer { server.stop() }
      let thread = Thread {
        let nonsense: [[UInt8]] = [
          Array("puase\n".utf8), Array("\n".utf8), [0xFF, 0x00, 0x1B, 0x0A],
          Array(repeating: UInt8(ascii: "x"), count: 100_000), Array("pau".utf8), [],
        ]
        for bytes in nonsense { replies.add(socket.exchange(bytes)) }
        if let reply = try? socket.socket.send(.pause) { replies.add(reply) }
        if let reply = try? socket.socket.send(.stop) { replies.add(reply) }
      }
      thread.start()
      let summary = try training.run()
      #expect(summary.state == "stopped")
      #expect(replies.lines.count == 6)
      #expect(replies.lines.allSatisfy { $0?.hasPrefix("error ") == true })
      #expect(replies.lines[0]?.contains("did you mean pause?") == true)
      #expect(replies.all.map(\.isDone) == [true, true])
    }
  }

  /// A message is heard while another one waits for its answer, and at the end there is one for whoever
  /// has none.
  @Test func messagesDoNotWaitForEachOther() throws {
    try withScratchFolder { root in
      let socket = Sockets(folder: "\(root)/run", runtime: root)
      let replies = Replies()
      let mailbox = ControlMailbox()
      let server = try ControlServer(socket.socket, mailbox: mailbox, patience: 60)
      let senders = DispatchGroup()
      func send(_ message: ControlMessage) {
        senders.enter()
        Thread {
          if let reply = try? socket.socket.send(message) { replies.add(reply) }
          senders.leave()
        }.start()
      }
      send(.checkpoint)
      send(.stop)
      var requests: [ControlMailbox.Request] = []
      while requests.count < 2 {
        mailbox.wait(seconds: 60)
        requests += mailbox.take()
      }
      for request in requests { request.answer(ControlReply(isDone: true, text: "done")) }
      senders.wait()
      #expect(replies.all.map(\.isDone) == [true, true])
      send(.pause)
      mailbox.wait(seconds: 60)
      server.stop()
      senders.wait()
      #expect(replies.all.last == ControlReply(isDone: false, text: "the worker has ended"))
    }
  }

  @Test func nobodyAnswersAfterTheEnd() throws {
    let mailbox = ControlMailbox()
    mailbox.close()
    #expect(mailbox.post(.pause) == ControlReply(isDone: false, text: "the worker has ended"))
  }
}

/// What another thread was told.
private final class Replies: @unchecked Sendable {
  private let lock = NSLock()
  private var replies: [ControlReply] = []
  private var statuses: [RunStatus?] = []
  private var texts: [String?] = []

  func add(_ reply: ControlReply) { lock.withLock { replies.append(reply) } }
  func add(_ status: RunStatus?) { lock.withLock { statuses.append(status) } }
  func add(_ text: String?) { lock.withLock { texts.append(text) } }

  var all: [ControlReply] { lock.withLock { replies } }
  var states: [RunStatus.State?] { lock.withLock { statuses.map(\.?.state) } }
  var lines: [String?] { lock.withLock { texts } }
}

/// A run's socket, and bytes that are no message.
private struct Sockets: Sendable {
  let socket: ControlSocket

  init(folder: String, runtime: String) {
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    guard
      let socket = try? ControlSocket(
        of: RunDirectory(path: folder), environment: ["XDG_RUNTIME_DIR": runtime])
    else { preconditionFailure("\(folder) is there") }
    self.socket = socket
  }

  /// Sends bytes as they are, and reads a line.
  func exchange(_ bytes: [UInt8]) -> String? {
    UnixSocket.exchange(bytes, at: socket.path) { ControlSocket.readLine(from: $0, within: 30) }
  }
}
