public import Architecture
public import ArgumentParser
public import Cells
import Experiments
import Foundation
public import TrainingEngine

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

extension SpecReference {
  /// What the help says of an argument SPEC.
  static var help: String {
    "A preset's name, a YAML file, or the network's keys in braces: '{preset: resnet50, groups: 32}'."
  }
}

extension ConvolutionAlgorithm: ExpressibleByArgument {
  static var help: String {
    "Winograd's algorithm for 3×3 convolutions where it pays (auto), or always the definition's."
  }
}

extension Precision: ExpressibleByArgument {
  static var help: String {
    "Of activations and convolutions: fp32 or bf16; parameters and statistics are fp32 in both."
  }

  /// Says so where this precision is slower here than fp32.
  func warnIfSlow() {
    guard self == .bf16, !Library.hasFastBFloat16 else { return }
    Output.complain(
      "bf16 takes the slow way here: without AMX it saves memory, but hardly any time over fp32.\n")
  }
}

extension CompletionKind {
  /// The presets. A shell completes words of a list only: a file is typed out.
  static var spec: CompletionKind { .list(Preset.all.map(\.name)) }
}

/// How many threads compute.
struct ThreadsOption: ParsableArguments {
  @Option(
    help: "Threads of a training or another computation (default: its share of one a core).")
  var threads: Int?

  var count: Int { share(of: 1) }

  /// Of each of some computations that go on at one time.
  func share(of computations: Int) -> Int {
    threads ?? Surroundings.share(of: computations)
  }

  /// Most threads of one computation.
  static let limit = 256

  func validate() throws {
    guard let threads, !(1...Self.limit).contains(threads) else { return }
    throw ValidationError("--threads must be from 1 to \(Self.limit)")
  }
}

/// The value of an option that names a folder to write to.
enum FolderOption {
  /// A variable of the shell that is not set would mean the root of the file system.
  static func check(_ value: String?, _ option: String) throws {
    if value == "" { throw ValidationError("\(option) must name a folder") }
  }
}

/// Where the experiments are kept.
struct ExperimentsOption: ParsableArguments {
  @Option(help: "The root of the experiments.")
  var experiments = Self.standard

  private static let standard = "experiments"

  func validate() throws { try FolderOption.check(experiments, "--experiments") }

  /// - Throws: `Failure.badInput` where another root than the standard one was named that is none.
  func check() throws {
    var isFolder: ObjCBool = false
    guard experiments != Self.standard,
      !FileManager.default.fileExists(atPath: experiments, isDirectory: &isFolder)
        || !isFolder.boolValue
    else { return }
    throw Failure.badInput("\(experiments): no such folder of experiments")
  }
}

/// The colours of a screen.
struct ThemeOption: ParsableArguments {
  @Option(
    help:
      "\(Theme.all.map(\.name).joined(separator: ", ")); sessions and watch remember their last.",
    completion: .list(Theme.all.map(\.name)))
  var theme: String?

  /// nil where none is named.
  var chosen: Theme? { theme.flatMap(Theme.named) }

  func validate() throws {
    guard theme != nil, chosen == nil else { return }
    throw ValidationError(
      "--theme must be one of \(Theme.all.map(\.name).joined(separator: ", "))")
  }
}

/// What the program takes from its surroundings besides the terminal.
enum Surroundings {
  static var environment: [String: String] { ProcessInfo.processInfo.environment }
  /// The program as the user called it.
  static var program: String { CommandLine.arguments.first ?? "resnet-tui" }
  static var threads: Int { min(ThreadsOption.limit, ProcessInfo.processInfo.activeProcessorCount) }
  /// Threads of each of some computations that go on at one time.
  static func share(of computations: Int) -> Int { max(1, threads / computations) }
}
