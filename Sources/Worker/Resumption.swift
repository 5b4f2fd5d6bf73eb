import EventLog
import Experiments

/// What an earlier process has left of a run, with which this one goes on.
struct Resumption {
  /// nil where none counts: the run begins anew.
  let checkpoint: Checkpoint?
  /// The event log; nil where there is none.
  let log: String?
  /// What the user wrote about the run behind the checkpoint; it is not to be lost.
  let annotations: [RunAnnotation]
  /// How the earlier process computed; nil where it does not say.
  private let info: RunInfo?
  /// It came to its end, with all that belongs to it.
  let hasEnded: Bool
  let lock: RunLock

  /// Looks at what a run directory holds, and keeps other workers out of it.
  ///
  /// - Returns: nil where it holds no run.
  /// - Throws: `WorkerError` where a worker is at work in it, it ran another experiment, or its log is
  ///   shorter than its checkpoint says.
  init?(of directory: RunDirectory, experiment: Experiment) throws(WorkerError) {
    guard directory.occupant != nil else {
      guard directory.isUnused else {
        throw .input("\(directory.path): holds no run, but other files; name a run directory")
      }
      return nil
    }
    let lock: RunLock?
    do throws(FileError) {
      lock = try RunLock(directory)
    } catch {
      throw .failed("\(error)")
    }
    let status = try? RunStatus.read(from: directory)
    hasEnded = status?.state == .finished
    let worker = status?.process
    let isTaken = worker != .current && worker?.isAlive == true
    guard let lock, !isTaken else {
      throw .occupied("\(directory.path): a worker is at work in it; stop it first")
    }
    self.lock = lock
    log = directory.eventFiles().last
    do throws(FileError) {
      try directory.ownCheckpoints()
    } catch {
      throw .failed("\(error)")
    }
    checkpoint = try Self.checkpoint(in: directory, log: log)
    // Without any it was interrupted before the first, and begins anew.
    guard checkpoint != nil || Checkpoint.list(in: directory).isEmpty else {
      throw .input(
        "\(directory.path): none of its checkpoints is whole, and to begin anew would lose its log; name "
          + "another folder with --run")
    }
    if checkpoint != nil { try Self.compare(experiment, directory) }
    do throws(FileError) {
      try directory.removeLeftovers()
      if let checkpoint { try Checkpoint.remove(in: directory, after: checkpoint.position.step) }
    } catch {
      throw .failed("\(error)")
    }
    do throws(EventLogError) {
      (annotations, info) = try Self.read(log, from: checkpoint?.position.logLength ?? 0)
    } catch {
      throw .failed("\(error)")
    }
  }

  /// The newest checkpoint whose part of the log is there; nil where there is no checkpoint at all.
  private static func checkpoint(
    in directory: RunDirectory, log: String?
  ) throws(WorkerError) -> Checkpoint? {
    guard var newest = Checkpoint.latest(in: directory) else { return nil }
    // To go on from an older one would lose it.
    for files in Checkpoint.list(in: directory) where files.step > newest.position.step {
      if let damage = files.damage, damage.isUnreadable { throw .failed("\(damage)") }
    }
    let wanted = newest.position.logLength
    let length = log.map(EventFile.length) ?? 0
    while newest.position.logLength > length {
      let step = newest.position.step
      guard let older = Checkpoint.latest(in: directory, upTo: step - 1) else {
        throw .input(
          "\(log ?? directory.path): \(log == nil ? "has no event log" : "has \(length) bytes") where its "
            + "checkpoint counts on \(wanted); the run cannot be resumed, but --fork \(directory.path) "
            + "begins another with its weights")
      }
      newest = older
    }
    return newest
  }

  private static func compare(
    _ experiment: Experiment, _ directory: RunDirectory
  ) throws(WorkerError) {
    let ran: Experiment
    do {
      ran = try Experiment.load(directory.experimentPath)
    } catch {
      throw .input("\(error)")
    }
    guard let difference = experiment.firstDifference(from: ran) else { return }
    throw .input(
      "\(directory.path): ran with \(difference); resume it with \(directory.experimentPath), or begin "
        + "another run")
  }

  /// What stands in a log behind `start`, as far as it is the user's; and what the whole log says of the
  /// run.
  private static func read(
    _ log: String?, from start: Int
  ) throws(EventLogError) -> ([RunAnnotation], RunInfo?) {
    guard let log else { return ([], nil) }
    let annotations = try EventFile.texts(of: log, from: start).compactMap { tag, text in
      RunAnnotation(tag: tag, text: text)
    }
    let info = try EventFile.texts(of: log).last { $0.tag == RunInfo.tag }
    return (annotations, info.flatMap { RunInfo(text: $0.text) })
  }

  /// Why the weights may differ in their last bits from those of a run that was never interrupted; nil
  /// where they cannot.
  func caution(_ now: RunInfo) -> String? {
    guard let info, checkpoint != nil else { return nil }
    let changes = now.changes(since: info)
    guard !changes.isEmpty else { return nil }
    return "the result will not be bit for bit that of an uninterrupted run: "
      + changes.joined(separator: "; ")
  }
}
