import Cells
import Foundation

/// Receives what a run says while it goes on.
public protocol ProgressSink: AnyObject {
  func began(_ run: RunDescription)
  /// After every step.
  func stepped(_ progress: Progress)
  func measured(_ measurement: Measurement)
  /// The network has more blocks than before.
  func grew(_ growth: NetworkGrowth)
  /// Training pauses until something is mended; `reason` is one line.
  func halted(_ reason: String)
  func ended(_ summary: RunSummary)
  /// It ends for an error, which somebody else tells.
  func gaveUp()
}

extension ProgressSink {
  public func gaveUp() {}
}

/// Nothing is said, but why a training halts.
public final class SilentProgress: ProgressSink {
  private let write: (String) -> Void

  public init(write: @escaping (String) -> Void = { _ in }) { self.write = write }

  public func began(_ run: RunDescription) {}
  public func stepped(_ progress: Progress) {}
  public func measured(_ measurement: Measurement) {}
  public func grew(_ growth: NetworkGrowth) {}
  public func halted(_ reason: String) { write(ProgressText.line(haltedBy: reason) + "\n") }
  public func ended(_ summary: RunSummary) {}
}

/// Lines of text for logs and pipes: one every few seconds, one a validation.
public final class PlainProgress: ProgressSink {
  /// Seconds between two lines.
  static let interval = 5.0

  private let write: (String) -> Void
  private var lastLine = -Double.infinity

  public init(write: @escaping (String) -> Void) { self.write = write }

  public func began(_ run: RunDescription) { write(ProgressText.line(run) + "\n") }

  public func stepped(_ progress: Progress) {
    let isLast = progress.step == progress.totalSteps
    guard isLast || progress.elapsed - lastLine >= Self.interval else { return }
    lastLine = progress.elapsed
    write(ProgressText.line(progress) + "\n")
  }

  public func measured(_ measurement: Measurement) { write(ProgressText.line(measurement) + "\n") }
  public func grew(_ growth: NetworkGrowth) { write(ProgressText.line(growth) + "\n") }
  public func halted(_ reason: String) { write(ProgressText.line(haltedBy: reason) + "\n") }
  public func ended(_ summary: RunSummary) {}
}

/// A bar that is redrawn in place on a terminal, with a line for each validation above it.
public final class BarProgress: ProgressSink {
  /// Seconds between two drawings.
  static let interval = 0.1

  private let write: (String) -> Void
  private let columns: () -> Int
  private var lastDrawing = -Double.infinity
  private var isShown = false

  /// - Parameter columns: the terminal's present width.
  public init(columns: @escaping () -> Int, write: @escaping (String) -> Void) {
    self.columns = columns
    self.write = write
  }

  public func began(_ run: RunDescription) { write(ProgressText.line(run) + "\n") }

  public func stepped(_ progress: Progress) {
    let isLast = progress.step == progress.totalSteps
    guard isLast || progress.elapsed - lastDrawing >= Self.interval else { return }
    lastDrawing = progress.elapsed
    // The last column stays free: a terminal that wraps there would scroll.
    write("\r\u{1B}[K" + ProgressText.bar(progress, columns: columns() - 1))
    isShown = true
  }

  public func measured(_ measurement: Measurement) {
    clear()
    write(ProgressText.line(measurement) + "\n")
  }

  public func grew(_ growth: NetworkGrowth) {
    clear()
    write(ProgressText.line(growth) + "\n")
  }

  public func halted(_ reason: String) {
    clear()
    write(ProgressText.line(haltedBy: reason) + "\n")
  }

  public func ended(_ summary: RunSummary) { clear() }
  public func gaveUp() { clear() }

  private func clear() {
    if isShown { write("\r\u{1B}[K") }
    isShown = false
  }
}

/// One JSON object a line: `begin`, `{"event": "step", …}` at every step, `validation`, `growth`, `halt`
/// and `end`.
public final class JSONProgress: ProgressSink {
  private let write: (String) -> Void
  private let encoder = JSONEncoder()

  public init(write: @escaping (String) -> Void) {
    self.write = write
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  }

  public func began(_ run: RunDescription) { put("begin", run) }
  public func stepped(_ progress: Progress) { put("step", progress) }
  public func measured(_ measurement: Measurement) { put("validation", measurement) }
  public func grew(_ growth: NetworkGrowth) { put("growth", growth) }
  public func halted(_ reason: String) { put("halt", Halt(reason: reason)) }
  public func ended(_ summary: RunSummary) { put("end", summary) }

  private struct Halt: Encodable { let reason: String }

  private struct Line<Content: Encodable>: Encodable {
    let event: String
    let content: Content

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(event, forKey: .event)
      try content.encode(to: encoder)
    }

    enum Key: String, CodingKey { case event }
  }

  private func put(_ event: String, _ content: some Encodable) {
    guard let data = try? encoder.encode(Line(event: event, content: content)) else { return }
    write(String(decoding: data, as: UTF8.self) + "\n")
  }
}
