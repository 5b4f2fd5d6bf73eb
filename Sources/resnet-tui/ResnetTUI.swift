import ArgumentParser

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
      'resnet-tui summary --list') or a YAML file: an experiment, or just its network.
      """,
    version: Version.text,
    subcommands: [
      SessionCommand.self, SummaryCommand.self, TrainCommand.self, ReplayCommand.self,
      RunsCommand.self, ExportCommand.self, DataCommand.self,
    ],
    defaultSubcommand: SessionCommand.self)
}

/// The program's version, in `--version` and in every run it makes.
enum Version {
  static let text = "0.1.0"
}
