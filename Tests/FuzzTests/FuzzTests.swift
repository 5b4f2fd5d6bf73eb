import Foundation
import FuzzTargets
import Subprocess
import SystemPackage
import Testing

/// Every parser of foreign bytes over its corpus and mutations of it. Each runs in a process of its own,
/// whose memory is its own, and which it can bring down.
///
/// `RESNET_TUI_FUZZ` says how many mutations; without it there are few, a matter of seconds.
@Suite struct FuzzTests {
  private static let executions = ProcessInfo.processInfo.environment["RESNET_TUI_FUZZ"]

  /// Beside the tests' own executable.
  private static let program: FilePath = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return FilePath(own).removingLastComponent().appending("fuzz")
  }()

  private struct Outcome {
    var isSuccess: Bool
    var output: String
    var error: String
  }

  private func fuzz(_ arguments: [String]) async throws -> Outcome {
    let result = try await Subprocess.run(
      .path(Self.program), arguments: Arguments(arguments), output: .string(limit: 1 << 20),
      error: .string(limit: 1 << 20))
    return Outcome(
      isSuccess: result.terminationStatus.isSuccess, output: result.standardOutput,
      error: result.standardError)
  }

  @Test(arguments: FuzzTarget.all)
  func holds(target: FuzzTarget) async throws {
    let count = Self.executions ?? String(target.shortRun)
    let outcome = try await fuzz([target.name, "--executions", count])
    #expect(outcome.isSuccess, "\(outcome.error)")
    print(outcome.output, terminator: "")
  }

  /// The corpora hold what the project's writers give, and are of a size to be kept.
  @Test func corporaAreSmall() throws {
    var (count, bytes) = (0, 0)
    for target in FuzzTarget.all {
      let corpus = try Corpus.load(target)
      #expect(corpus.allSatisfy { $0.count <= target.lengthLimit }, "\(target)")
      #expect(Set(corpus).isSuperset(of: target.seeds()), "\(target)")
      count += corpus.count
      bytes += corpus.reduce(0) { $0 + $1.count }
    }
    #expect(count <= 300 && bytes <= 500_000)
  }
}
