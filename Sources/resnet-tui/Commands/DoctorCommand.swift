import ArgumentParser
import Cells
import CursesTerminal
import Glibc

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Look at the terminal, the libraries, the machine and the data sets.",
    discussion: """
      Says of each what was found and, where something is not well, how to mend it. 'problem' is \
      what does not work until then, 'warning' what works badly, 'note' what is left unused.

      Exits 0 whatever it finds; 'status' in --json tells a script.
      """)

  @OptionGroup var root: ExperimentsOption

  @Flag(help: "Print JSON: a list of objects with name, status, found and mend.")
  var json = false

  func run() throws {
    try Failure.reporting {
      // Commands run on the main thread.
      try MainActor.assumeIsolated { try examine() }
    }
  }

  @MainActor
  private func examine() throws {
    let examination = Examination(root: root.experiments)
    let checks = examination.checks()
    if json { return try Output.json(checks) }
    let description = Output.isTerminal ? try? examination.terminal.description.get() : nil
    // The first eight colours are the user's own, and legible on whatever background there is.
    let depth = min(description?.colorDepth ?? .monochrome, .colors8)
    let frame = DoctorReport(checks: checks).frame(
      width: Output.columns(of: STDOUT_FILENO),
      glyphs: examination.locale.isUTF8 ? .unicode : .ascii)
    try Output.data(
      depth == .monochrome ? FrameText.encode(frame) : FrameANSI.encode(frame, depth: depth))
  }
}
