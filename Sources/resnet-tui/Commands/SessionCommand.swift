import Architecture
import ArgumentParser
import Cells
import CursesTerminal
import Dashboard
import Experiments
import Foundation

struct SessionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "session",
    abstract: "Compose, train and watch in the terminal; the default.",
    discussion: """
      Trainings run in processes of their own: they go on when the session ends, and are there when \
      it is opened again. Where there is no terminal, the experiment is trained right away, with \
      progress lines, and its final screen printed.
      """)

  @Argument(
    help: "\(SpecReference.help) The composer starts with it.", completion: .spec)
  var spec: String?

  @OptionGroup var root: ExperimentsOption

  @OptionGroup var appearance: ThemeOption

  func run() throws {
    try Failure.reporting {
      let experiment = try SpecReference.experiment(spec)
      guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
        return try HeadlessSession(experiment: experiment, spec: spec, root: root.experiments)
          .run()
      }
      // Commands run on the main thread.
      try MainActor.assumeIsolated { try runInTerminal(experiment) }
    }
  }

  @MainActor
  private func runInTerminal(_ experiment: Experiment) throws {
    let terminal = try CursesTerminal()
    let session = Session(
      spec == nil ? nil : experiment, role: .session, terminal: terminal,
      source: .experiments(root: root.experiments), theme: appearance.chosen)
    session.run()
    session.saveSettings()
    terminal.close()
    try Output.text(session.report)
  }
}

extension SpecReference {
  /// The experiment that a session starts with. A network alone is put into the default experiment,
  /// and is for that experiment's images unless it says otherwise.
  fileprivate static func experiment(_ text: String?) throws -> Experiment {
    guard let text else { return .standard }
    guard
      isFile(text) || isLine(text) || Preset.named(text) != nil
        || FileManager.default.fileExists(atPath: text)
    else {
      let near = NearestName.suggestion(for: text, among: Preset.all.map(\.name))
      throw Failure.badInput(
        "\(text) is no command, preset or file; "
          + (near.map { "did you mean \($0)?" }
            ?? "'resnet-tui --help' lists the commands, 'resnet-tui summary --list' the presets"))
    }
    var experiment = Experiment.standard
    let (spec, whole) = try resolve(text, images: experiment.network)
    if let whole { return whole }
    experiment.name = spec.name
    experiment.description = ""
    experiment.network = spec
    return experiment
  }
}
