public import Architecture
public import ArgumentParser
public import Cells
import Foundation

extension ImageShape: ExpressibleByArgument {
  public init?(argument: String) { self.init(parsing: argument) }
  public var defaultValueDescription: String {
    dimensions.map(String.init).joined(separator: "x")
  }
}

extension Size: ExpressibleByArgument {
  /// Reads `WxH`, such as `80x24`.
  public init?(argument: String) {
    let parts = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let width = parts[0], let height = parts[1],
      (1...1000).contains(width), (1...1000).contains(height)
    else { return nil }
    self.init(width: width, height: height)
  }

  public var defaultValueDescription: String { "\(width)x\(height)" }
}

extension CompletionKind {
  /// The presets. A shell completes words of a list only: a file is typed out.
  static var spec: CompletionKind { .list(Preset.all.map(\.name)) }
}

/// Where the experiments are kept.
struct ExperimentsOption: ParsableArguments {
  @Option(help: "The root of the experiments.")
  var experiments = "experiments"
}

/// What the program takes from its surroundings besides the terminal.
enum Surroundings {
  static var environment: [String: String] { ProcessInfo.processInfo.environment }
  /// The program as the user called it.
  static var program: String { CommandLine.arguments.first ?? "resnet-tui" }
  static var threads: Int { ProcessInfo.processInfo.activeProcessorCount }
}
