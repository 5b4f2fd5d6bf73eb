/// The texts of `run/control` between which a run stands still.
public enum Standstill: String, Sendable {
  case pause
  /// The answer to a pause.
  case resume
  /// A process goes on from a checkpoint.
  case resumed
  /// The disk was full.
  case room = "waited for room on the disk"

  /// nil where a value says nothing of the kind.
  init?(_ value: LogValue) {
    guard case .text("run/control", let text) = value else { return nil }
    self.init(rawValue: text)
  }

  /// What is said once the run goes on.
  var hasEnded: Bool { self != .pause }
}
