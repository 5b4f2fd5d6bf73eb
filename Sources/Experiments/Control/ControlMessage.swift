public import Architecture
import EventLog

/// What a running worker can be asked for, as one line of text.
public enum ControlMessage: Hashable, Sendable {
  /// Wait between two steps until `resume`.
  case pause
  case resume
  /// Finish the step, write a checkpoint and end.
  case stop
  /// Write a checkpoint now.
  case checkpoint
  /// From the next step on; what the schedule does later is scaled by the same factor.
  case setLearningRate(Double)
  /// Add blocks that begin as the identity at the end of a stage.
  case grow(Growth)
  /// Words about the run, kept in its log.
  case annotate(RunAnnotation)

  /// What may stand in a message, for help and errors.
  public static let syntax =
    "pause, resume, stop, checkpoint, \"set learning_rate VALUE\", \"grow STAGE\", \"note TEXT\" or "
    + "\"name [TEXT]\""

  /// Largest learning rate, as in an experiment.
  private static let learningRates = 0.0...1000.0

  /// Reads a message; words may be any number of blanks apart.
  ///
  /// - Throws: what is wrong with it.
  public init(_ text: String) throws(ControlError) {
    guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      throw ControlError("a message is one line of text, without control characters")
    }
    let words = text.split(separator: " ").map(String.init)
    switch (words.first, words.count) {
    case ("pause", 1): self = .pause
    case ("resume", 1): self = .resume
    case ("stop", 1): self = .stop
    case ("checkpoint", 1): self = .checkpoint
    case ("set", _):
      guard words.count == 3, words[1] == "learning_rate" else {
        throw ControlError(
          "\"set\" takes learning_rate and a number, as in: set learning_rate 0.01")
      }
      guard let value = Double(words[2]), value > 0, Self.learningRates.contains(value) else {
        throw ControlError(
          "\(ScalarText.shortened(words[2])) is no learning rate; give a number above 0, at most 1000"
        )
      }
      self = .setLearningRate(value)
    case ("grow", _): self = .grow(try Self.growth(words.dropFirst()))
    case ("note", 2...), ("name", 1...):
      guard let annotation = RunAnnotation(String(text.drop { $0 == " " })) else {
        throw ControlError("a text has \(RunAnnotation.bounds)")
      }
      self = .annotate(annotation)
    case ("note", 1): throw ControlError("\"note\" takes a text, as in: note the best so far")
    default:
      let name = words.first ?? ""
      let near = NearestName.suggestion(
        for: name, among: ["pause", "resume", "stop", "checkpoint", "set", "grow", "note", "name"])
      throw ControlError(
        "\"\(ScalarText.shortened(name))\" is no message to a worker; "
          + (near.map { "did you mean \($0)?" } ?? "it understands \(Self.syntax)"))
    }
  }

  /// Reads a stage, as `3` or `layer3`, and maybe a number of blocks.
  private static func growth(_ words: ArraySlice<String>) throws(ControlError) -> Growth {
    let stage = words.first.flatMap { word in
      Int(word.hasPrefix("layer") ? String(word.dropFirst("layer".count)) : word)
    }
    let blocks = words.count < 2 ? 1 : Int(words.last ?? "")
    guard (1...2).contains(words.count), let stage, let blocks, stage >= 1,
      Growth.blockCounts.contains(blocks)
    else {
      throw ControlError(
        "\"grow\" takes a stage, and maybe a number of blocks up to "
          + "\(Growth.blockCounts.upperBound), as in: grow 3")
    }
    return Growth(stage: stage, blocks: blocks)
  }

  /// The line that reads back as the message.
  public var text: String {
    switch self {
    case .pause: Standstill.pause.rawValue
    case .resume: Standstill.resume.rawValue
    case .stop: "stop"
    case .checkpoint: "checkpoint"
    case .setLearningRate(let value): "set learning_rate \(value)"
    case .grow(let growth):
      "grow \(growth.stage)" + (growth.blocks == 1 ? "" : " \(growth.blocks)")
    case .annotate(let annotation): annotation.line
    }
  }
}

/// What a worker answers.
public struct ControlReply: Hashable, Sendable {
  /// Whether it did, or will do, what it was asked for.
  public var isDone: Bool
  /// What it did and at which step, or why not: one line.
  public var text: String

  public init(isDone: Bool, text: String) {
    self.isDone = isDone
    self.text = text
  }

  /// As it goes over the socket, without the newline.
  public var line: String { (isDone ? "ok " : "error ") + text }

  /// Reads a line; nil where it is no reply.
  public init?(line: String) {
    for (prefix, isDone) in [("ok ", true), ("error ", false)] where line.hasPrefix(prefix) {
      self.init(isDone: isDone, text: String(line.dropFirst(prefix.count)))
      return
    }
    return nil
  }
}

/// Why a worker could not be asked.
public struct ControlError: Error, Hashable, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
