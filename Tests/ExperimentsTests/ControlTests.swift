import Foundation
import Glibc
import TestSupport
import Testing

@testable import Experiments

@Suite struct ControlTests {
  @Test(arguments: [
    ControlMessage.pause, .resume, .stop, .checkpoint, .setLearningRate(0.0125),
    .setLearningRate(1e-7), .annotate(RunAnnotation(.note, "warm-up  too short")!),
    .annotate(RunAnnotation(.name, "層 best")!), .annotate(RunAnnotation(.name, "")!),
  ])
  func messagesReadBack(message: ControlMessage) throws {
    #expect(try ControlMessage(message.text) == message)
  }

  @Test(arguments: [
    ("", "no message"), ("puase", "did you mean pause?"), ("pause now", "no message"),
    ("set", "learning_rate and a number"), ("set momentum 1", "learning_rate and a number"),
    ("set learning_rate", "a number"), ("set learning_rate 0", "above 0"),
    ("note", "takes a text"), ("set learning_rate nan", "above 0"),
    ("set learning_rate 1e9", "at most 1000"),
  ])
  func othersAreRefused(text: String, reason: String) {
    let error = #expect(throws: ControlError.self) { try ControlMessage(text) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
  }

  /// Whatever was sent, the answer that tells it is one line with room to spare.
  @Test(arguments: ["", "set learning_rate ", "note ", "\u{1B}[2J\r"])
  func longMessagesAreAnswered(beginning: String) throws {
    let text = beginning + String(repeating: "👩‍👩‍👧‍👦", count: 300)
    let error = try #require(throws: ControlError.self) { try ControlMessage(text) }
    let line = ControlReply(isDone: false, text: error.description).line
    #expect(line.utf8.count < ControlSocket.lineLimit / 2)
    #expect(!line.unicodeScalars.contains { $0.properties.generalCategory == .control })
  }

  /// What is accepted has room in a message.
  @Test func annotationsAreBounded() throws {
    #expect(RunAnnotation(.note, String(repeating: "層", count: RunAnnotation.limit)) != nil)
    #expect(RunAnnotation(.note, String(repeating: "x", count: RunAnnotation.limit + 1)) == nil)
    // One character.
    let marks = "e" + String(repeating: "\u{301}", count: RunAnnotation.byteLimit / 2)
    #expect(RunAnnotation(.note, marks) == nil)
    #expect(RunAnnotation.byteLimit + "note \n".utf8.count <= ControlSocket.lineLimit)
    #expect(try ControlMessage("  note  x") == .annotate(RunAnnotation(.note, "x")!))
  }

  @Test func repliesReadBack() {
    for reply in [
      ControlReply(isDone: true, text: "paused after step 7"),
      ControlReply(isDone: false, text: ""),
    ] {
      #expect(ControlReply(line: reply.line) == reply)
    }
    #expect(ControlReply(line: "whatever") == nil)
  }

  /// However long the run's path, the socket's fits; two runs have two; a link to a run has its.
  @Test func placesAreShortAndDiffer() throws {
    try withScratchFolder { folder in
      let deep = folder + "/" + String(repeating: "long/", count: 30)
      for path in ["\(deep)a", "\(deep)b"] {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      }
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/link", withDestinationPath: "\(deep)a")
      let sockets = try ["\(deep)a", "\(deep)b", "\(folder)/link"].map {
        try ControlSocket(of: RunDirectory(path: $0), environment: [:])
      }
      #expect(sockets.allSatisfy { $0.path.utf8.count < 108 })
      #expect(sockets[0] != sockets[1] && sockets[0] == sockets[2])
      let runtime = try ControlSocket(
        of: RunDirectory(path: "\(deep)a"), environment: ["XDG_RUNTIME_DIR": folder])
      #expect(runtime.path.hasPrefix("\(folder)/resnet-tui-"))
      #expect(throws: ControlError.self) {
        try ControlSocket(of: RunDirectory(path: "\(folder)/none"), environment: [:])
      }
    }
  }

  /// Nobody but its user may reach a worker, and a socket that nobody listens at is taken over.
  @Test func socketsAreTheUsersOwn() throws {
    try withScratchFolder { folder in
      let socket = try ControlSocket(
        of: RunDirectory(path: folder), environment: ["XDG_RUNTIME_DIR": folder])
      #expect(throws: ControlError.self) { try socket.send(.pause) }
      let first = try socket.listen()
      var attributes = stat()
      #expect(stat(socket.path, &attributes) == 0 && attributes.st_mode & 0o777 == 0o600)
      // A second worker does not take it while the first listens.
      let error = #expect(throws: ControlError.self) { try socket.listen() }
      #expect(error?.description.contains("another worker") == true)
      close(first)
      let second = try socket.listen()
      close(second)
      socket.remove()
      #expect(stat(socket.path, &attributes) != 0)
    }
  }

  /// A path that does not fit into an address would be cut off, and be another's.
  @Test func longPathsAreRefused() throws {
    try withScratchFolder { folder in
      let deep = folder + "/" + String(repeating: "d", count: 100)
      try FileManager.default.createDirectory(atPath: deep, withIntermediateDirectories: true)
      let error = #expect(throws: ControlError.self) {
        try ControlSocket(
          of: RunDirectory(path: folder), environment: ["XDG_RUNTIME_DIR": deep])
      }
      #expect(error?.description.contains("too long for a socket") == true)
    }
  }
}
