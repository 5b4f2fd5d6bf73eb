import Architecture
import Datasets
import EventLog
import Experiments
import Foundation
import Pictures
import TestSupport
import Testing

@testable import Worker

/// A training on images of three channels, from CIFAR-10's files to the pictures in the log.
@Suite struct ColorTrainingTests {
  /// Twenty images a file: each class has a colour of its own, with some noise.
  private func writeSet(_ folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var random = SeededGenerator(state: 3)
    for name in (1...5).map({ "data_batch_\($0).bin" }) + ["test_batch.bin"] {
      let records = (0..<20).flatMap { index in
        let label = UInt8(index % 10)
        let color: [UInt8] = [label * 25, 255 - label * 25, label % 2 * 200]
        let planes = color.flatMap { level -> [UInt8] in
          (0..<1024).map { _ in level / 2 + UInt8.random(in: 0..<100, using: &random) }
        }
        return [label] + planes
      }
      try put(records, at: "\(folder)/\(name)")
    }
  }

  @Test(arguments: [nil, 40] as [Int?])
  func trains(resize: Int?) throws {
    try withScratchFolder { root in
      try writeSet("\(root)/cifar10")
      let location = DatasetLocation(folders: [root])
      var experiment = Experiment.small
      let side = resize ?? 32
      experiment.network.input = ImageShape(channels: 3, height: side, width: side)
      experiment.data = DataOptions(
        set: .cifar10, resize: resize, batch: 20, augment: [.flip, .crop, .cutout])
      experiment.epochs = 4
      #expect(experiment.problems.isEmpty)
      let folder = "\(root)/run"
      let summary = try TrainingRun(
        experiment, directory: RunDirectory(path: folder), location: location,
        options: TrainingRun.Options(threads: 1, version: "test"), progress: SilentProgress(),
        signal: { 0 }
      ).run()
      #expect(summary.state == "finished" && summary.step == 20)
      var reader = EventLogReader(path: try #require(EventFile.files(in: folder).first))
      var history = RunHistory()
      history.apply(try reader.poll())
      // Chance is 2.3.
      #expect(try #require(history.series("loss/train")?.latest?.value) < 2)
      let set = try Dataset.load(.cifar10, location: location)
      for index in 0..<20 {
        let logged = try #require(history.image(Predictions.imageTag(index)))
        let picture = try #require(Picture(png: logged.image.bytes))
        #expect((picture.width, picture.height, picture.channels) == (32, 32, 3))
        // Pixel by pixel, where the file has plane by plane.
        let planes = Array(set.test[pixelsOf: index])
        let wanted = (0..<3072).map { place -> UInt8 in planes[place % 3 * 1024 + place / 3] }
        #expect(picture.pixels == wanted)
      }
      let predictions = try #require(
        history.text(Predictions.tag).flatMap { Predictions(text: $0) })
      #expect(predictions.classNames.first == "airplane")
      let filters = try #require(history.image(Predictions.filterTag("conv1")))
      #expect(try #require(Picture(png: filters.image.bytes)).channels == 3)
    }
  }
}
