import Foundation

/// What a run's log says about it besides the experiment, as the text `run/info`.
struct RunInfo: Encodable {
  var stepsPerEpoch: Int
  var totalSteps: Int
  var batch: Int
  var trainingImages: Int
  var validationImages: Int
  var threads: Int
  var isa: String
  var onednn: String
  var version: String

  /// The lines under `resolved:` in the run's experiment.yaml: what else a repetition needs.
  var resolved: [(key: String, value: String)] {
    [
      ("version", version), ("threads", "\(threads)"), ("isa", isa), ("onednn", onednn),
      ("training_images", "\(trainingImages)"), ("validation_images", "\(validationImages)"),
      ("steps_per_epoch", "\(stepsPerEpoch)"),
    ]
  }
}

/// JSON as the log's texts hold it: one line, sorted keys, snake case.
enum JSONText {
  static func encode(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
      preconditionFailure("\(type(of: value)) holds nothing that JSON cannot: \(error)")
    }
  }
}
