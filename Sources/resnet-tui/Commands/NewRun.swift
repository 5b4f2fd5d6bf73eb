import ArgumentParser
import Experiments
import Glibc
import Worker

/// A training in a folder of its own, beside its experiment.
enum NewRun {
  /// Begins in the first folder that is free.
  static func begin(
    besideExperiment path: String, _ training: (RunDirectory) throws -> TrainingRun
  ) throws -> (TrainingRun, RunDirectory) {
    var taken: Set<String> = []
    while true {
      let directory = RunDirectory.new(besideExperiment: path, avoiding: taken)
      do {
        return (try training(directory), directory)
      } catch let error as WorkerError {
        // Another process began a run in this very second.
        guard case .occupied = error, taken.count < 16 else { throw error }
        taken.insert(directory.path)
      }
    }
  }

  /// With what a training ends that was asked to stop: a message does it as SIGTERM does.
  static var stoppedCode: ExitCode {
    let signal = StopSignals.current()
    return ExitCode(128 + (signal == 0 ? SIGTERM : signal))
  }
}

extension ControlServer {
  /// Listens for messages to a run. Where there is no socket to be had nobody can send any, but training
  /// goes on.
  static func listen(for run: RunDirectory, _ mailbox: ControlMailbox) -> ControlServer? {
    do throws(ControlError) {
      return try ControlServer(
        ControlSocket(of: run, environment: Surroundings.environment), mailbox: mailbox)
    } catch {
      Output.complain("resnet-tui: no messages to this worker: \(error)\n")
      return nil
    }
  }
}
