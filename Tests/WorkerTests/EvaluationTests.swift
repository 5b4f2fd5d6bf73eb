import Architecture
import Datasets
import EventLog
import Experiments
import TestSupport
import Testing
import TrainingEngine

@testable import Worker

/// Trained weights measured again, apart from the run.
@Suite(.serialized) struct EvaluationTests {
  private func evaluate(
    _ source: String, on split: Evaluation.Split, experiment: String? = nil
  ) throws -> Evaluation {
    let trained = try TrainedWeights(source, experiment: experiment)
    return try Evaluation(
      of: trained.weights, file: trained.file, experiment: trained.experiment, on: split,
      location: DatasetLocation(folders: []), threads: 1, convolution: .auto)
  }

  /// It finds what the run found at its last validation and in its test, with plain weights and with
  /// averaged ones.
  @Test(arguments: [nil, 0.9])
  func agreesWithTheRun(average: Double?) throws {
    try withScratchFolder { root in
      var experiment = Experiment.small
      experiment.ema = average
      let folder = "\(root)/run"
      _ = try TrainingRun(
        experiment, directory: RunDirectory(path: folder), location: DatasetLocation(folders: []),
        options: TrainingRun.Options(threads: 1, version: "test"), progress: SilentProgress()
      ).run()
      let history = try loggedHistory(folder)
      for (split, count) in [(Evaluation.Split.val, 32), (.test, 2000), (.train, 160)] {
        let evaluation = try evaluate(folder, on: split)
        #expect(evaluation.count == count)
        let confusion = try #require(evaluation.predictions.confusion)
        #expect(confusion.reduce(0) { $0 + $1.reduce(0, +) } == count)
        let right = confusion.indices.reduce(0) { $0 + confusion[$1][$1] }
        #expect(evaluation.accuracy == Double(right) / Double(count))
        guard split != .train else { continue }
        let accuracy = try #require(history.series("accuracy/\(split.rawValue)")?.latest?.value)
        let loss = try #require(history.series("loss/\(split.rawValue)")?.latest?.value)
        #expect(Float(evaluation.accuracy) == Float(accuracy))
        #expect(abs(evaluation.loss - loss) < 1e-5 * loss)
      }
    }
  }

  /// A file of the run, a file elsewhere with its experiment, and what cannot be measured.
  @Test func findsWeightsAndTheirExperiment() throws {
    try withScratchFolder { root in
      let folder = "\(root)/run"
      _ = try TrainingRun(
        .small, directory: RunDirectory(path: folder), location: DatasetLocation(folders: []),
        options: TrainingRun.Options(threads: 1, version: "test"), progress: SilentProgress()
      ).run()
      let files = Checkpoint.list(in: RunDirectory(path: folder))
      #expect(files.map(\.step) == [10, 20])
      let newest = try TrainedWeights(folder)
      #expect(newest.step == 20 && newest.file == files[1].weightsPath)
      let older = try TrainedWeights(files[0].weightsPath)
      #expect(older.step == 10 && older.experiment == newest.experiment)
      try put(try bytes(of: files[1].weightsPath), at: "\(root)/moved.safetensors")
      let error = #expect(throws: FileError.self) {
        try TrainedWeights("\(root)/moved.safetensors")
      }
      #expect(error?.reason.contains("--experiment") == true)
      let moved = try evaluate(
        "\(root)/moved.safetensors", on: .val, experiment: "\(folder)/experiment.yaml")
      #expect(try moved == evaluate(folder, on: .val))
      for path in ["\(root)/none", root] {
        #expect(throws: FileError.self) { try TrainedWeights(path) }
      }
      // Weights of another network.
      var other = Experiment.small
      other.network.stages[0].channels = 16
      try put(Array(other.yaml().utf8), at: "\(root)/other.yaml")
      let mismatch = #expect(throws: WorkerError.self) {
        try evaluate(files[0].weightsPath, on: .val, experiment: "\(root)/other.yaml")
      }
      #expect(mismatch?.description.contains("weights of another network") == true)
    }
  }
}
