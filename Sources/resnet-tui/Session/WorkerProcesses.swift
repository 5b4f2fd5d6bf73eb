import Dashboard
import Dispatch
import Experiments
import Foundation
import Synchronization
import Worker

/// Starts trainings as processes of their own, which outlive this one, and asks them to stop.
final class WorkerProcesses: Sendable {
  private let root: String
  private let box: MessageBox
  /// Runs that have been started; their folders may not exist yet.
  private let started = Mutex<Set<String>>([])
  /// Those whose workers are not at their end.
  private let live = Mutex<Set<String>>([])
  private let isEnding = Mutex(false)
  /// Those whose process is not there yet.
  private let spawning = DispatchGroup()

  /// - Parameter box: where news of the workers goes.
  init(root: String, box: MessageBox) {
    self.root = root
    self.box = box
  }

  /// Saves the experiment under the root and starts a training of it. When there is a process for it,
  /// a `started` message says which run it is, or a `done` that it is queued; if the worker fails, a `lost`
  /// message says why.
  ///
  /// With `first` it waits until their workers are gone. Else it computes with its share of the cores
  /// where others are at work: oneDNN's barriers spin, so that two trainings of all cores each would slow
  /// down by more than ten times.
  func start(
    _ experiment: Experiment, from fork: Fork? = nil, besides others: Int = 0,
    after first: [RunDirectory] = []
  ) {
    let file: String
    do {
      file = try experiment.save(under: root)
    } catch {
      return post(.lost(run: "", "\(error)"))
    }
    let run = started.withLock { started in
      let directory = RunDirectory.new(besideExperiment: file, avoiding: started)
      started.insert(directory.path)
      return directory
    }
    var options: [String] = []
    if let fork {
      options += ["--fork", fork.run]
      if let step = fork.step { options += ["--fork-step", "\(step)"] }
    }
    work(
      on: run, [file] + options, after: first, threads: Surroundings.share(of: others + 1),
      news: first.isEmpty ? .started(run: run.path) : .done("queued \(run.path)"))
  }

  /// Goes on with a run whose worker is gone, with the threads that it had, unless those are more than its
  /// share of the cores.
  func resume(_ run: RunDirectory, besides others: Int) {
    let share = Surroundings.share(of: others + 1)
    work(
      on: run, [run.experimentPath, "--resume"],
      threads: run.info?.threads(upTo: share) ?? share, news: .started(run: run.path))
  }

  private func work(
    on run: RunDirectory, _ arguments: [String], after first: [RunDirectory] = [], threads: Int,
    news: Message
  ) {
    live.withLock { _ = $0.insert(run.path) }
    spawning.enter()
    Task.detached {
      for other in first { await self.awaitStatus(of: other) }
      let turns = first.filter { $0.occupant != nil }.flatMap { ["--after", $0.path] }
      await self.work(
        on: run,
        ["train"] + arguments + turns + [
          "--run", run.path, "--progress", "none", "--threads", "\(threads)",
        ], news)
      self.live.withLock { _ = $0.remove(run.path) }
    }
  }

  /// Paths of the runs that this session has started and whose workers are not at their end, listed or not.
  var running: Set<String> { live.withLock { $0 } }

  /// Waits until a run that was started here can be waited for. Where the session ends before that, what
  /// comes after it begins at once: better than never.
  private func awaitStatus(of run: RunDirectory) async {
    while running.contains(run.path), !Turn.isAtWork(run), !isEnding.withLock({ $0 }) {
      try? await Task.sleep(for: .milliseconds(50))
    }
  }

  /// Waits until each training that was started has a process, which then outlives this one.
  func settle() {
    isEnding.withLock { $0 = true }
    _ = spawning.wait(timeout: .now() + 5)
  }

  /// Asks the run's worker to finish its step, write a checkpoint and end; gives back why it cannot.
  static func stop(_ run: RunDirectory) -> [Message] {
    guard let process = try? RunStatus.read(from: run).process, process.isAlive else {
      return [.failed("\(run.path): its worker is gone; nothing to stop")]
    }
    guard kill(process.pid, SIGTERM) != 0 else { return [] }
    return [.failed("\(run.path): cannot stop process \(process.pid): \(systemError())")]
  }

  private func post(_ message: Message) { box.post(message) }

  /// Runs the worker to its end. If this process ends first, the worker goes on.
  private func work(on run: RunDirectory, _ arguments: [String], _ news: Message) async {
    let isSpawning = Mutex(true)
    @Sendable func spawned() {
      isSpawning.withLock { waits in
        if waits { spawning.leave() }
        waits = false
      }
    }
    defer { spawned() }
    do {
      let outcome = try await WorkerProgram.run(arguments) {
        self.post(news)
        spawned()
      }
      switch outcome {
      case .ended: break
      case .failed(let reason, _): post(.lost(run: run.path, reason))
      case .killed(let signal):
        post(.lost(run: run.path, "\(run.path): its process was killed by signal \(signal)"))
      }
    } catch {
      post(.lost(run: run.path, "cannot start the training: \(error)"))
    }
  }

  private static func systemError() -> String { String(cString: strerror(errno)) }
}
