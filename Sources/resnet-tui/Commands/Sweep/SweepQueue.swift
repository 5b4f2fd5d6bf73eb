import EventLog
import Experiments
import Foundation
import Synchronization
import Worker

/// Trains the runs of a sweep, each in a process of its own, so many at a time.
final class SweepQueue: Sendable {
  /// A run and its folder.
  struct Item: Sendable {
    var run: Sweep.Run
    var directory: RunDirectory
  }

  /// What happens to a run.
  enum Event: Sendable {
    case began(Item)
    /// Its worker had been started by somebody else, and is waited for.
    case awaited(Item)
    case ended(Item)
    case failed(Item, String)
  }

  let items: [Item]
  /// Trainings at one time.
  let workers: Int
  /// Of each training.
  let threads: Int
  /// Go on with what is there.
  let resumes: Bool
  /// Some run of the sweep has come to its end.
  private let hasTrained: Mutex<Bool>

  init(items: [Item], workers: Int, threads: Int, resumes: Bool, hasTrained: Bool) {
    self.hasTrained = Mutex(hasTrained)
    self.items = items
    self.workers = workers
    self.threads = threads
    self.resumes = resumes
  }

  /// Between two looks at a worker that somebody else has started.
  private static let pause = Duration.milliseconds(500)

  /// Trains what is not finished.
  ///
  /// - Parameter telling: is told what happens, on any thread.
  /// - Throws: `Failure.badInput` where the first cannot be trained for what it was given;
  ///   `CancellationError` after the workers have ended on request.
  func run(telling: @escaping @Sendable (Event) -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      var waiting = items.makeIterator()
      func next() {
        guard !Task.isCancelled, let item = waiting.next() else { return }
        group.addTask { try await self.train(item, telling: telling) }
      }
      for _ in 0..<workers { next() }
      while try await group.next() != nil { next() }
    }
    try Task.checkCancellation()
  }

  private func train(_ item: Item, telling: @Sendable (Event) -> Void) async throws {
    var isSecondTry = false
    while true {
      if Turn.isAtWork(item.directory) {
        telling(.awaited(item))
        while Turn.isAtWork(item.directory) { try await Task.sleep(for: Self.pause) }
        if item.directory.isFinished { return telling(.ended(item)) }
      }
      let file = WorkerProgram.inputPath
      telling(.began(item))
      let wasThere = item.directory.occupant != nil
      let outcome = try await WorkerProgram.run(
        [
          "train", file, "--run", item.directory.path, "--progress", "none",
          "--threads",
          "\(item.directory.info?.threads(upTo: Surroundings.threads) ?? threads)",
        ] + (resumes ? ["--resume"] : []), input: item.run.experiment.yaml())
      switch outcome {
      case .ended:
        // Somebody else may have stopped it.
        guard item.directory.isFinished else {
          if !Task.isCancelled { telling(.failed(item, "it was stopped before its end")) }
          return
        }
        hasTrained.withLock { $0 = true }
        return telling(.ended(item))
      // Somebody else has been faster, and is still at it or has come to the end.
      case .failed where Turn.isAtWork(item.directory): continue
      case .failed where item.directory.isFinished: return telling(.ended(item))
      // Or has just begun.
      case .failed(_, ExitStatus.badInput)
      where !wasThere && !isSecondTry && item.directory.occupant != nil:
        isSecondTry = true
        try await Task.sleep(for: Self.pause)
      case .failed(let text, let code):
        // The user knows the run, not the file.
        let reason = text.replacing(file, with: item.run.id)
        // It is the first to be told: what is missing for it is most likely missing for all.
        if code == ExitStatus.badInput, item.run.id == items.first?.run.id,
          hasTrained.withLock({ !$0 })
        {
          throw Failure.badInput("\(item.run.id): \(reason)")
        }
        return telling(.failed(item, reason))
      case .killed(let signal):
        return telling(.failed(item, "its process was killed by signal \(signal)"))
      }
    }
  }
}

extension RunDirectory {
  /// The run that is here has come to the end of its schedule.
  var isFinished: Bool {
    (try? RunStatus.read(from: self))?.isComplete ?? false
  }
}
