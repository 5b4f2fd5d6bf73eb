public import Experiments
import Foundation
import Glibc

/// Listens at a run's control socket, and passes what is asked for on to the training.
///
/// One connection at a time: a line in, a line out. Whoever sends no line within a second, too long a
/// one or one that is no message gets an error, and the next one is heard.
public final class ControlServer: @unchecked Sendable {
  private let socket: ControlSocket
  private let descriptor: Int32
  private let mailbox: ControlMailbox
  private let wakeUp: (read: Int32, write: Int32)

  /// Seconds within which a message has to come.
  private static let patience = 1.0

  /// Begins to listen, on a thread of its own.
  public init(_ socket: ControlSocket, mailbox: ControlMailbox) throws(ControlError) {
    self.socket = socket
    self.mailbox = mailbox
    descriptor = try socket.listen()
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else {
      close(descriptor)
      throw ControlError("no pipe to be had")
    }
    wakeUp = (ends[0], ends[1])
    let thread = Thread { [self] in serve() }
    thread.name = "control"
    // Handling a message needs little.
    thread.stackSize = 512 << 10
    thread.start()
  }

  /// Ends listening and removes the socket. A connection that is being served is answered first.
  public func stop() {
    mailbox.close()
    socket.remove()
    close(wakeUp.write)
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
      if polled[1].revents != 0 { return }
      let connection = accept(descriptor, nil, nil)
      guard connection >= 0 else { continue }
      answer(connection)
      close(connection)
    }
  }

  private func answer(_ connection: Int32) {
    let reply: ControlReply
    if let line = ControlSocket.readLine(from: connection, within: Self.patience) {
      do throws(ControlError) {
        reply = mailbox.post(try ControlMessage(line))
      } catch {
        reply = ControlReply(isDone: false, text: error.description)
      }
    } else {
      reply = ControlReply(
        isDone: false,
        text: "no line came within a second and \(ControlSocket.lineLimit) bytes")
    }
    ControlSocket.write(reply.line + "\n", to: connection)
  }
}
