import Foundation

/// What `status.json` says of a run.
public struct RunStatus: Codable, Hashable, Sendable {
  public enum State: String, Codable, Hashable, Sendable {
    /// Its worker waits for its turn.
    case queued
    case starting, running
    /// Its worker waits between two steps, on request.
    case paused
    /// On request, before its end; it can be resumed.
    case stopped
    case finished
    /// See `error`.
    case failed
  }

  /// A state as it is, which the file of a killed process cannot say.
  public enum EffectiveState: String, Hashable, Sendable {
    case queued, starting, running, paused, stopped, finished, failed
    /// The file says queued, starting, running or paused, but its process is gone.
    case died

    /// As users are told.
    public var word: String { self == .died ? "crashed" : rawValue }
  }

  public var state: State
  /// The worker; nil where it is not known.
  public var process: ProcessIdentity?
  public var exitCode: Int?
  /// One line.
  public var error: String?
  /// Optimizer steps done, from the start of the run.
  public var step: Int
  public var totalSteps: Int
  /// The epoch of the step that comes next, counted from 1; the last at the end, 0 before the training.
  public var epoch: Int
  /// File name of the best checkpoint's weights.
  public var bestCheckpoint: String?
  /// Seconds after 1970 of the last change.
  public var updated: Double

  public init(
    state: State, process: ProcessIdentity? = nil, exitCode: Int? = nil, error: String? = nil,
    step: Int = 0, totalSteps: Int = 0, epoch: Int = 0, bestCheckpoint: String? = nil,
    updated: Double
  ) {
    self.state = state
    self.process = process
    self.exitCode = exitCode
    self.error = error
    self.step = step
    self.totalSteps = totalSteps
    self.epoch = epoch
    self.bestCheckpoint = bestCheckpoint
    self.updated = updated
  }

  enum CodingKeys: String, CodingKey {
    case state, process, error, step, epoch, updated
    case exitCode = "exit_code"
    case totalSteps = "total_steps"
    case bestCheckpoint = "best_checkpoint"
  }

  /// The run has come to the end of its schedule; one that `train --max-steps` has ended has not.
  public var isComplete: Bool { state == .finished && step >= totalSteps }

  /// The state, with a process that is gone told from one that runs. `isAlive` is asked only of
  /// runs that should have one.
  public func effectiveState(
    isAlive: (ProcessIdentity) -> Bool = \.isAlive
  ) -> EffectiveState {
    switch state {
    case .queued, .starting, .running, .paused:
      guard let process, isAlive(process) else { return .died }
      switch state {
      case .queued: return .queued
      case .starting: return .starting
      case .paused: return .paused
      default: return .running
      }
    case .stopped: return .stopped
    case .finished: return .finished
    case .failed: return .failed
    }
  }

  /// Replaces the run's `status.json`.
  public func write(to run: RunDirectory) throws(FileError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let json: Data
    do {
      json = try encoder.encode(self)
    } catch {
      throw FileError(path: run.statusPath, reason: "cannot be written: \(error).")
    }
    try AtomicFile.write(json + [UInt8(ascii: "\n")], to: run.statusPath)
  }

  /// Whether a run can have such numbers: a file may say anything.
  private var isSound: Bool {
    [step, totalSteps, epoch].allSatisfy { (0...1 << 48).contains($0) }
  }

  public static func read(from run: RunDirectory) throws(FileError) -> RunStatus {
    let bytes = try BoundedFile.read(run.statusPath, limit: 1 << 20)
    guard let status = try? JSONDecoder().decode(RunStatus.self, from: Data(bytes)), status.isSound
    else {
      throw FileError(
        path: run.statusPath, reason: "is no status of a run; remove it.")
    }
    return status
  }
}
