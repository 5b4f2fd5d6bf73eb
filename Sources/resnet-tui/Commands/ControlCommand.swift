import ArgumentParser
import Experiments
import Foundation

struct ControlCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "control",
    abstract: "Send one message to a running worker, and print its acknowledgement.",
    discussion: """
      pause waits between two steps until resume; stop finishes the step, writes a checkpoint and \
      ends; checkpoint writes one now; "set learning_rate VALUE" holds from the next step on, and \
      scales what the schedule does later by the same factor; "grow STAGE" adds a block that begins as \
      the identity; "note TEXT" and "name TEXT" are words about the run. Each is recorded in the run's log.
      """)

  @Argument(
    help: ArgumentHelp("The run's directory.", valueName: "run"), completion: .directory)
  var path: String

  @Argument(
    help: ArgumentHelp("\(ControlMessage.syntax).", valueName: "message"),
    completion: .list([
      "pause", "resume", "stop", "checkpoint", "set learning_rate", "grow", "note", "name",
    ]))
  var message: [String]

  func validate() throws {
    do throws(ControlError) {
      _ = try ControlMessage(message.joined(separator: " "))
    } catch {
      throw ValidationError(error.description)
    }
  }

  func run() throws {
    try Failure.reporting {
      let directory = RunDirectory(path: path)
      guard FileManager.default.fileExists(atPath: path) else {
        throw Failure.badInput("\(path): no such run directory")
      }
      let reply: ControlReply
      do throws(ControlError) {
        let message = try ControlMessage(message.joined(separator: " "))
        let socket = try ControlSocket(of: directory, environment: Surroundings.environment)
        reply = try socket.send(message)
      } catch {
        throw Failure.failed("\(path): \(error)")
      }
      guard reply.isDone else { throw Failure.failed("\(path): \(reply.text)") }
      try Output.text(reply.text + "\n")
    }
  }
}
