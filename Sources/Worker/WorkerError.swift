/// What a process ends with that has not done what it was asked for; a signal's is 128 and its number.
public enum ExitStatus {
  public static let failed: Int32 = 1
  /// sysexits.h's EX_DATAERR: what it was given cannot be used, however often one tries.
  public static let badInput: Int32 = 65
}

/// Why a run cannot start or go on: one line that says what, where, and how to mend it.
public enum WorkerError: Error, Equatable, CustomStringConvertible {
  /// The experiment, the data or the run directory cannot be used as they are.
  case input(String)
  /// The run directory holds a run already.
  case occupied(String)
  /// The run is at its end already, which is no failure.
  case complete(String)
  /// The machine has less memory than the training needs.
  case memory(String)
  /// The loss became NaN or infinite.
  case diverged(step: Int, loss: Double)
  /// A signal, or a message as if one had come, ended it before its last checkpoint could be written.
  case interrupted(signal: Int32, String)
  /// Writing or computing failed while the run was under way.
  case failed(String)

  /// What the process ends with.
  public var exitCode: Int32 {
    switch self {
    case .input, .occupied: ExitStatus.badInput
    case .complete, .memory, .diverged, .failed: ExitStatus.failed
    case .interrupted(let signal, _): 128 + signal
    }
  }

  public var description: String {
    switch self {
    case .input(let text), .occupied(let text), .complete(let text), .memory(let text),
      .failed(let text), .interrupted(_, let text):
      text
    case .diverged(let step, let loss):
      "the loss became \(loss.isNaN ? "NaN" : "infinite") at step \(step): lower optimizer.learning_rate, or add "
        + "schedule.warmup_epochs"
    }
  }
}
