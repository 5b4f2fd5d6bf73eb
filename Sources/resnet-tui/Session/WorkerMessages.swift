import Dashboard
import Dispatch
import Experiments

/// Passes on what the dashboard tells running workers.
enum WorkerMessages {
  /// Sends a message to the run's worker; its acknowledgement goes to `box`.
  static func send(_ message: ControlMessage, to run: RunDirectory, _ box: MessageBox) {
    // The answer comes when the worker's step ends; the threads of tasks are too few to wait on.
    DispatchQueue.global().async {
      do throws(ControlError) {
        let socket = try ControlSocket(of: run, environment: Surroundings.environment)
        let reply = try socket.send(message)
        box.post(reply.isDone ? .done("\(run.id): \(reply.text)") : .failed(reply.text))
      } catch {
        box.post(.failed("\(run.path): \(error)"))
      }
    }
  }
}
