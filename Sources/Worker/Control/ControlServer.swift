public import Experiments
import Foundation
import Glibc

/// Listens at a run's control socket, and passes what is asked for on to the training.
///
/// A line in, a line out, on a thread for each connection: a message is heard while another one waits for
/// its answer. Whoever sends no line in time, too long a one or one that is no message gets an error.
public final class ControlServer: @unchecked Sendable {
  private let socket: ControlSocket
  private let descriptor: Int32
  private let mailbox: ControlMailbox
  private let wakeUp: (read: Int32, write: Int32)
  private let patience: Double
  /// Listening, and each connection.
  private let threads = DispatchGroup()
  /// As many connections are answered at one time.
  private let places = DispatchSemaphore(value: 16)

  /// Begins to listen, on a thread of its own.
  ///
  /// - Parameter patience: seconds within which a message has to come.
  public init(
    _ socket: ControlSocket, mailbox: ControlMailbox, patience: Double = 1
  ) throws(ControlError) {
    self.socket = socket
    self.mailbox = mailbox
    self.patience = patience
    descriptor = try socket.listen()
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else {
      close(descriptor)
      throw ControlError("no pipe to be had")
    }
    wakeUp = (ends[0], ends[1])
    start { $0.serve() }
  }

  /// Ends listening and removes the socket. Who has sent a message, or is about to, is answered first.
  public func stop() {
    mailbox.close()
    socket.remove()
    close(wakeUp.write)
    // A second more than any of them takes that has something to say.
    _ = threads.wait(timeout: .now() + patience + 1)
  }

  private func start(_ body: @escaping @Sendable (ControlServer) -> Void) {
    threads.enter()
    let thread = Thread { [self] in
      body(self)
      threads.leave()
    }
    thread.name = "control"
    // Handling a message needs little.
    thread.stackSize = 512 << 10
    thread.start()
  }

  private func serve() {
    defer {
      close(descriptor)
      close(wakeUp.read)
    }
    while true {
      var polled = [
        pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: wakeUp.read, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&polled, 2, -1) > 0 else { continue }
      // Who has connected before the end is answered.
      if polled[1].revents != 0, polled[0].revents == 0 { return }
      let connection = accept(descriptor, nil, nil)
      guard connection >= 0 else { continue }
      places.wait()
      start {
        $0.answer(connection)
        close(connection)
        $0.places.signal()
      }
    }
  }

  private func answer(_ connection: Int32) {
    let reply: ControlReply
    if let line = ControlSocket.readLine(from: connection, within: patience) {
      do throws(ControlError) {
        reply = mailbox.post(try ControlMessage(line))
      } catch {
        reply = ControlReply(isDone: false, text: error.description)
      }
    } else {
      reply = ControlReply(
        isDone: false,
        text: "no line of at most \(ControlSocket.lineLimit) bytes came in time")
    }
    ControlSocket.write(reply.line + "\n", to: connection)
  }
}
