import ArgumentParser
import Cells
import Dashboard
import Datasets
import EventLog
import Experiments
import Worker

/// What a session does where there is no terminal: trains its experiment with progress lines, and
/// prints the screen that it would have ended with.
struct HeadlessSession {
  let experiment: Experiment
  /// What the user calls it; nil where nothing was named.
  let spec: String?
  let root: String

  private static let size = Size(width: 120, height: 40)

  func run() throws {
    if var problem = experiment.problems.first {
      problem.file = spec
      throw problem
    }
    let file = try experiment.save(under: root)
    let saved = try Experiment.load(file)
    StopSignals.install()
    let mailbox = ControlMailbox()
    let (training, directory) = try NewRun.begin(besideExperiment: file) {
      try TrainingRun(
        saved, directory: $0,
        location: DatasetLocation(environment: Surroundings.environment),
        options: TrainingRun.Options(threads: Surroundings.threads, version: Version.text),
        progress: PlainProgress(write: Output.progress), control: mailbox,
        signal: StopSignals.current)
    }
    let server = ControlServer.listen(for: directory, mailbox)
    defer { server?.stop() }
    let summary = try training.run()
    let screen = Replay.state(
      path: directory.path, status: try? RunStatus.read(from: directory),
      history: try RunHistory.load(folder: directory.path), isComplete: true, size: Self.size,
      appearance: Appearance(theme: .dark, colorDepth: .monochrome))
    try Output.text(FrameText.encode(view(screen)))
    try Output.text(
      "The run is kept in \(directory.path)\n"
        + "shown again by: \(Surroundings.program) replay \(directory.path)\n"
        + "In a terminal, \(Surroundings.program) opens the dashboard.\n")
    if summary.state == RunStatus.State.stopped.rawValue { throw NewRun.stoppedCode }
  }
}
