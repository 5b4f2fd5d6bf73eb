import Architecture
import ArgumentParser
import Cells
import EventLog
import Experiments
import Foundation

struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List the runs with their states, what they cost, their best and last metrics.")

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
            .init("parameters", .trailing), .init("MACs", .trailing), .init("time", .trailing),
          ],
          rows: rows.map { row in
            [
              row.run, row.word, row.step.map(NumberText.grouped) ?? "",
              row.validationLoss.map { NumberText.significant($0) } ?? "",
              row.validationAccuracy.map { NumberText.percent($0, decimals: 2) } ?? "",
              row.bestValidationAccuracy.map { NumberText.percent($0, decimals: 2) } ?? "",
              row.parameters.map(NumberText.grouped) ?? "",
              row.macs.map { NumberText.compact(Double($0)) } ?? "",
              row.seconds.map { NumberText.duration(seconds: $0) } ?? "",
            ]
          }
        ).text())
    }
  }
}

private struct RunRow: Encodable {
  let run: String
  let state: String
  /// The state as the dashboard calls it.
  let word: String
  var step: Int?
  var validationLoss: Double?
  var validationAccuracy: Double?
  var bestValidationAccuracy: Double?
  /// Of the network as it has become.
  var parameters, macs: Int?
  /// Of training; pauses do not count.
  var seconds: Double?
  var error: String?

  enum CodingKeys: CodingKey {
    case run, state, step, validationLoss, validationAccuracy, bestValidationAccuracy
    case parameters, macs, seconds, error
  }

  init(_ directory: RunDirectory) {
    run = directory.path
    do {
      let status = try RunStatus.read(from: directory)
      state = status.effectiveState().rawValue
      word = status.effectiveState().word
      error = status.error
    } catch {
      (state, word) = ("unknown", "unknown")
      self.error = "\(error)"
    }
    guard let history = RunHistory.known(of: directory) else { return }
    step = history.lastStep
    validationLoss = history.series("loss/val")?.latest?.value
    validationAccuracy = history.series("accuracy/val")?.latest?.value
    bestValidationAccuracy = history.series("accuracy/val")?.maximum?.value
    seconds = history.seconds
    guard let text = history.text("run/experiment"),
      let experiment = try? Experiment(yaml: text, file: directory.path),
      let network = try? directory.grown(experiment.network, history: history),
      let total = try? NetworkPlan(network).total
    else { return }
    (parameters, macs) = (total.parameters, total.macs)
  }
}
