import ArgumentParser
import Cells
import Datasets
import EventLog
import Experiments
import Foundation
import Worker

/// An error that ends the program: one line on standard error and an exit code.
struct Failure: Error, CustomStringConvertible {
  /// Exit codes besides ArgumentParser's 64 for bad usage.
  enum Code: Equatable {
    case failed
    case badInput
    /// A signal of this number came, or a message as if it had.
    case interrupted(Int32)

    var number: Int32 {
      switch self {
      case .failed: 1
      case .badInput: 65
      case .interrupted(let signal): 128 + signal
      }
    }
  }

  let code: Code
  let description: String

  static func failed(_ text: String) -> Failure { Failure(code: .failed, description: text) }
  static func badInput(_ text: String) -> Failure { Failure(code: .badInput, description: text) }

  /// What `error` means for the exit code.
  init(_ error: any Error) {
    switch error {
    case let failure as Failure:
      self = failure
    case let error as WorkerError:
      switch error {
      case .input, .occupied: self = .badInput(error.description)
      case .complete, .memory, .diverged, .failed: self = .failed(error.description)
      case .interrupted(let signal, let text):
        self.init(code: .interrupted(signal), description: text)
      }
    case let error as FileError where error.isFailure:
      self = .failed(error.description)
    case is ExperimentError, is FileError, is DatasetError, is EventLogError:
      self = .badInput("\(error)")
    default:
      self = .failed("\(error)")
    }
  }

  private init(code: Code, description: String) {
    self.code = code
    self.description = description
  }

  /// Runs `body`; whatever it throws is said in one line, and ends the program.
  static func reporting<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error where !(error is ExitCode || error is ValidationError) {
      throw Failure(error).report()
    }
  }

  /// Writes the line and gives the exit code to throw.
  func report() -> ExitCode {
    // Names of files may have newlines.
    Output.complain("resnet-tui: \(Sanitizer.sanitize(description))\n")
    return ExitCode(code.number)
  }
}
