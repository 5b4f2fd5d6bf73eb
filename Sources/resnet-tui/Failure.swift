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
  let exitCode: Int32
  let description: String

  static func failed(_ text: String) -> Failure {
    Failure(exitCode: ExitStatus.failed, description: text)
  }
  static func badInput(_ text: String) -> Failure {
    Failure(exitCode: ExitStatus.badInput, description: text)
  }

  /// What `error` means for the exit code.
  init(_ error: any Error) {
    switch error {
    case let failure as Failure:
      self = failure
    case let error as WorkerError:
      self.init(exitCode: error.exitCode, description: error.description)
    case let error as FileError where error.isFailure:
      self = .failed(error.description)
    case is ExperimentError, is FileError, is DatasetError, is EventLogError:
      self = .badInput("\(error)")
    default:
      self = .failed("\(error)")
    }
  }

  private init(exitCode: Int32, description: String) {
    self.exitCode = exitCode
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
    return ExitCode(exitCode)
  }
}
