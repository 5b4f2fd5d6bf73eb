import ArgumentParser
import Foundation

@main
struct ResnetTUI: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resnet-tui",
    abstract: "Compose ResNet and ResNeXt variants, train them on this CPU, and watch them learn.",
    usage: """
      resnet-tui [<spec>]
      resnet-tui <subcommand>
      """,
    discussion: """
      Without a subcommand it opens the interactive session. SPEC is a preset's name (see \
      'resnet-tui summary --list'), a YAML file with an experiment or just its network, or the \
      network's keys in one line: '{preset: resnet50, groups: 32}'.
      """,
    version: Version.text,
    subcommands: [
      SessionCommand.self, SummaryCommand.self, TrainCommand.self, SweepCommand.self,
      WatchCommand.self,
      ReplayCommand.self, ControlCommand.self, RunsCommand.self, CompareCommand.self,
      ExportCommand.self, EvaluateCommand.self, ProbeCommand.self,
      BenchCommand.self, DataCommand.self, DoctorCommand.self,
    ],
    defaultSubcommand: SessionCommand.self)

  /// Errors of the arguments begin as all others do.
  static var _errorLabel: String { "resnet-tui" }

  static func main() {
    Output.prepare()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      Foundation.exit(end(error))
    }
  }

  /// Prints help, the version or what was wrong with the arguments, and gives the exit code.
  private static func end(_ error: any Error) -> Int32 {
    let code = exitCode(for: error)
    let message = fullMessage(for: error)
    guard !message.isEmpty else { return code.rawValue }
    guard code.isSuccess else {
      Output.complain(message + "\n")
      return code.rawValue
    }
    do {
      try Output.data(message + "\n")
      return code.rawValue
    } catch {
      return Failure(error).report().rawValue
    }
  }
}

/// The program's version, in `--version` and in every run it makes.
enum Version {
  static let text = "0.1.0"
}
