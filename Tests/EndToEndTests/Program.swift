import Foundation
import Subprocess
import SystemPackage
import TestSupport

/// The built program, as a user runs it.
enum Program {
  /// Beside the tests' own executable.
  static let path: String = {
    let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return (own ?? "").split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/resnet-tui"
  }()

  struct Outcome: Sendable {
    var code: Int32
    var output: String
    var error: String
  }

  /// Runs it to its end, with nothing in its environment but what is given, and no terminal.
  static func run(
    _ arguments: [String], in folder: String, environment: [String: String] = [:]
  ) async throws -> Outcome {
    let result = try await Subprocess.run(
      .path(FilePath(path)), arguments: Arguments(arguments),
      environment: .custom(
        Dictionary(
          uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0), $1) })),
      workingDirectory: FilePath(folder), output: .string(limit: 8 << 20),
      error: .string(limit: 1 << 20))
    let code: Int32 =
      switch result.terminationStatus {
      case .exited(let code): code
      case .signaled(let signal): 128 + signal
      }
    return Outcome(code: code, output: result.standardOutput, error: result.standardError)
  }

  /// The program at work, with what it has written so far.
  struct Running {
    let process: Process
    fileprivate let files: String

    var output: String { text("output") }
    var error: String { text("error") }

    private func text(_ kind: String) -> String {
      (try? String(contentsOfFile: "\(files).\(kind)", encoding: .utf8)) ?? ""
    }
  }

  /// Starts it, with no terminal.
  ///
  /// - Parameter environment: nil for that of the tests.
  static func start(
    _ arguments: [String], in folder: String, environment: [String: String]? = [:]
  ) throws -> Running {
    let running = Running(process: Process(), files: "\(folder)/\(UUID().uuidString)")
    running.process.executableURL = URL(fileURLWithPath: path)
    running.process.arguments = arguments
    running.process.currentDirectoryURL = URL(fileURLWithPath: folder)
    if let environment { running.process.environment = environment }
    for kind in ["output", "error"] { try put([], at: "\(running.files).\(kind)") }
    running.process.standardOutput = FileHandle(forWritingAtPath: "\(running.files).output")
    running.process.standardError = FileHandle(forWritingAtPath: "\(running.files).error")
    try running.process.run()
    return running
  }

  /// Runs a line of the shell in which `$0` is the program: for redirections.
  static func shell(_ line: String, in folder: String) async throws -> Int32 {
    let result = try await Subprocess.run(
      .path("/bin/sh"), arguments: ["-c", line, path], environment: .custom([:]),
      workingDirectory: FilePath(folder), output: .discarded, error: .discarded)
    return if case .exited(let code) = result.terminationStatus { code } else { -1 }
  }

  /// A training of a few hundred steps that takes seconds, as YAML; `epochs` makes it long.
  static func experiment(name: String, epochs: Int) -> String {
    """
    name: \(name)
    network: {input: [1, 28, 28], classes: 10, stem: cifar, block: basic, stages: [{blocks: 1, channels: 8, stride: 2}]}
    data: {set: procedural, batch: 32, limit: 1600}
    optimizer: {name: sgd, learning_rate: 0.05, momentum: 0.9}
    epochs: \(epochs)
    """ + "\n"
  }
}
