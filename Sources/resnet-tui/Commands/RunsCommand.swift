import ArgumentParser
import Cells
import EventLog
import Experiments
import Foundation

struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "List the runs with their states and last metrics.")

  @OptionGroup var root: ExperimentsOption

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    try Failure.reporting {
      try root.check()
      let rows = RunDirectory.list(root: root.experiments).map(RunRow.init)
      if json { return try Output.json(rows) }
      guard !rows.isEmpty else {
        return try Output.text(
          "no runs under \(root.experiments); 'resnet-tui train' makes one\n")
      }
      try Output.text(
        TextTable(
          columns: [
            .init("run"), .init("state"), .init("step", .trailing), .init("loss/val", .trailing),
            .init("accuracy/val", .trailing), .init("best", .trailing),
          ],
          rows: rows.map { row in
            [
              row.run, row.state, row.step.map(NumberText.grouped) ?? "",
              row.validationLoss.map { NumberText.significant($0) } ?? "",
              row.validationAccuracy.map { NumberText.percent($0, decimals: 2) } ?? "",
              row.bestValidationAccuracy.map { NumberText.percent($0, decimals: 2) } ?? "",
            ]
          }
        ).text())
    }
  }
}

private struct RunRow: Encodable {
  let run: String
  let state: String
  var step: Int?
  var validationLoss: Double?
  var validationAccuracy: Double?
  var bestValidationAccuracy: Double?
  var error: String?

  init(_ directory: RunDirectory) {
    run = directory.path
    do {
      let status = try RunStatus.read(from: directory)
      state = status.effectiveState().rawValue
      error = status.error
    } catch {
      state = "unknown"
      self.error = "\(error)"
    }
    guard let history = RunHistory.known(of: directory) else { return }
    step = history.lastStep
    validationLoss = history.series("loss/val")?.latest?.value
    validationAccuracy = history.series("accuracy/val")?.latest?.value
    bestValidationAccuracy = history.series("accuracy/val")?.maximum?.value
  }
}
