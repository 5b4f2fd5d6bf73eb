import Experiments
import Foundation

extension FuzzTarget {
  /// What logs and status files say of a run as JSON: what is accepted reads back, and counts add up.
  static let texts = FuzzTarget(
    name: "texts", lengthLimit: 2048, shortRun: 100_000,
    dictionary: [
      #""class_names":["#, #""shown":[]"#, #""confusion":[[1]]"#, #""label":"#, #""predicted":"#,
      #""confidence":"#, "1099511627776", "1099511627777", "-1", "1e308", "null", "[[", "]]",
      #""state":"running""#, #""process":"#, #""pid":"#, #""start_ticks":"#, #""boot_id":"#,
      #""exit_code":"#, #""updated":"#, #""steps_per_epoch":"#, #""total_steps":"#, #"\ud800"#,
      "note ", "run/note", "trunk_output.block1.block1-0.f.a.0.weight", "stages.0.blocks.0.",
    ], seeds: textSeeds.map { Array($0.utf8) }
  ) { bytes throws(FuzzFailure) in
    let text = String(decoding: bytes, as: UTF8.self)
    if let predictions = Predictions(text: text) {
      try require(Predictions(text: predictions.text) == predictions, "\(text) reads back")
      let results = predictions.classResults
      try require(
        results.allSatisfy { 0 <= $0.correct && $0.correct <= min($0.count, $0.taken) },
        "no class has more that is right than there is")
      try require((0...1).contains(predictions.accuracy ?? 0), "the accuracy is a share")
    }
    if let info = RunInfo(text: text) {
      try require(RunInfo(text: info.text) == info, "\(text) reads back")
    }
    if let status = try? JSONDecoder().decode(RunStatus.self, from: Data(bytes)) {
      let copy = try unfailing("a status is written and read") {
        try JSONDecoder().decode(RunStatus.self, from: try JSONEncoder().encode(status))
      }
      try require(copy == status, "\(text) reads back")
    }
    let growths = GrowthRecord.records(text: text)
    try require(
      GrowthRecord.records(text: GrowthRecord.text(of: growths)) == growths, "\(text) reads back")
    // Names have one form.
    let name = WeightNames.own(text)
    try require(WeightNames.own(name) == name, "\(name) is the own name of \(text)")
  }

  private static var textSeeds: [String] {
    let predictions = Predictions(
      classNames: ["a", "é"], shown: [.init(label: 0, predicted: 1, confidence: 0.75)],
      confusion: [[3, 1], [0, 2]])
    let info = RunInfo(
      stepsPerEpoch: 10, totalSteps: 100, batch: 32, trainingImages: 320, validationImages: 10,
      threads: 2, convolution: "auto", isa: "avx2", processor: "CPU, model 1", onednn: "2.6.3",
      version: "1")
    let status = RunStatus(
      state: .failed, process: ProcessIdentity(pid: 7, startTicks: 1 << 40, bootID: "b"),
      exitCode: 1, error: "no", step: 3, totalSteps: 10, epoch: 1,
      bestCheckpoint: "step-00000001.safetensors", updated: 12.5)
    return [
      predictions.text, info.text, JSONText.encode(status),
      #"[{"blocks":1,"stage":3,"step":700},{"blocks":2,"stage":1,"step":900}]"#,
      "trunk_output.block1.block1-0.f.a.0.weight", "stages.0.blocks.0.norm1.weight",
      "stages.1.blocks.2.downsample.conv.weight", "head.fc.bias", "stem.conv.weight",
    ]
  }
}
