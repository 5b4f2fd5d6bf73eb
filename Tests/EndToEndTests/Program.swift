import Foundation
import Subprocess
import SystemPackage

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
