import ArgumentParser
import Cells
import CursesTerminal
import Dashboard
import Experiments
import Foundation

struct WatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "The dashboard over runs or any TensorBoard log directories, live.",
    discussion: """
      Every folder with an event file, at any depth below those named, is a run, called by its path as \
      TensorBoard calls it. Logs may grow, shrink or appear while they are watched. Whoever wrote \
      them: scalars and texts are shown.
      """)

  @Argument(
    help: ArgumentHelp("Folders with event files in them or below.", valueName: "dir"),
    completion: .directory)
  var directories: [String]

  @OptionGroup var appearance: ThemeOption

  func run() throws {
    try Failure.reporting {
      for directory in directories { try check(directory) }
      guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
        throw Failure.failed(
          "watch needs a terminal; '\(Surroundings.program) replay' prints a run's screen without")
      }
      // Commands run on the main thread.
      try MainActor.assumeIsolated {
        let terminal = try CursesTerminal()
        let session = Session(
          nil, role: .watching, terminal: terminal, source: .logs(directories),
          theme: appearance.chosen)
        session.run()
        session.saveSettings()
        terminal.close()
      }
    }
  }

  private func check(_ directory: String) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: directory, isDirectory: &isFolder) else {
      throw Failure.badInput("\(directory): no such folder")
    }
    guard isFolder.boolValue else {
      throw Failure.badInput("\(directory): is a file; name the folder that it stands in")
    }
  }
}
