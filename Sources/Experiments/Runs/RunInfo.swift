import Foundation

/// What a run's log says about it besides the experiment: the text `run/info`.
public struct RunInfo: Codable, Sendable, Hashable {
  public var stepsPerEpoch: Int
  /// Of the whole schedule.
  public var totalSteps: Int
  /// Images in one step.
  public var batch: Int
  public var trainingImages: Int
  public var validationImages: Int
  public var threads: Int
  /// How convolutions are computed: `auto` or `direct`; nil in logs from before there was a choice.
  public var convolution: String?
  /// The same with what was meant where it is not said.
  public var algorithm: String { convolution ?? "direct" }
  /// The instruction set that oneDNN computes with.
  public var isa: String
  /// The CPU; nil where the system named none, and in logs from before that was asked.
  public var processor: String?
  /// oneDNN's version.
  public var onednn: String
  /// The program's version.
  public var version: String

  public init(
    stepsPerEpoch: Int, totalSteps: Int, batch: Int, trainingImages: Int, validationImages: Int,
    threads: Int, convolution: String?, isa: String, processor: String?, onednn: String,
    version: String
  ) {
    self.stepsPerEpoch = stepsPerEpoch
    self.totalSteps = totalSteps
    self.batch = batch
    self.trainingImages = trainingImages
    self.validationImages = validationImages
    self.threads = threads
    self.convolution = convolution
    self.isa = isa
    self.processor = processor
    self.onednn = onednn
    self.version = version
  }

  /// The tag of the text in a run's log.
  public static let tag = "run/info"

  /// Reads the text of a log; nil where it is none of ours.
  public init?(text: String) {
    guard let info = JSONText.decode(RunInfo.self, from: text), info.isSound else { return nil }
    self = info
  }

  /// The threads that the run was trained with, for it to be gone on with: with others it would not be bit
  /// for bit what it would have been. nil where they are more than `limit`.
  public func threads(upTo limit: Int) -> Int? {
    (1...max(1, limit)).contains(threads) ? threads : nil
  }

  /// Whether a run can have such numbers: a text may say anything.
  private var isSound: Bool {
    let counts = [stepsPerEpoch, totalSteps, batch, trainingImages, validationImages, threads]
    return counts.allSatisfy { (0...1 << 48).contains($0) }
  }

  public var text: String { JSONText.encode(self) }

  /// What is no longer as it was for `former`, of all that the last bits of a step depend on: such as
  /// `threads 1, was 2`.
  public func changes(since former: RunInfo) -> [String] {
    let facts: [(name: String, now: String?, was: String?)] = [
      ("threads", "\(threads)", "\(former.threads)"),
      ("convolution", algorithm, former.algorithm),
      ("instruction set", isa, former.isa),
      ("processor", processor, former.processor),
      ("oneDNN", onednn, former.onednn),
    ]
    return facts.compactMap { name, now, was in
      guard let now, let was, now != was else { return nil }
      return "\(name) \(now), was \(was)"
    }
  }

  /// The lines under `resolved:` in the run's experiment.yaml: what else a repetition needs.
  public var resolved: [(key: String, value: String)] {
    let facts: [(key: String, value: String?)] = [
      ("version", version), ("threads", "\(threads)"), ("convolution", algorithm),
      ("isa", isa), ("processor", processor), ("onednn", onednn),
      ("training_images", "\(trainingImages)"), ("validation_images", "\(validationImages)"),
      ("steps_per_epoch", "\(stepsPerEpoch)"),
    ]
    return facts.compactMap { key, value in value.map { (key, $0) } }
  }
}

extension RunDirectory {
  /// What the log of the run that is here says of it; nil where there is none, or it does not say.
  public var info: RunInfo? { (try? text(RunInfo.tag)).flatMap { RunInfo(text: $0) } }
}

/// JSON as a log's texts hold it: one line, sorted keys, snake case.
public enum JSONText {
  /// nil where the text is something else.
  static func decode<Value: Decodable>(_ type: Value.Type, from text: String) -> Value? {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try? decoder.decode(type, from: Data(text.utf8))
  }

  public static func encode(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
      preconditionFailure("\(type(of: value)) holds nothing that JSON cannot: \(error)")
    }
  }
}
