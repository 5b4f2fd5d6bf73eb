import Cells
import EventLog
import Experiments
import Synchronization
import Worker

/// What a sweep says on standard error: a line for each run that begins or ends, and on a terminal a bar
/// with the time that is left.
final class SweepProgress: Sendable {
  private let total: Int
  /// The terminal's present width; nil where there is none.
  private let columns: @Sendable () -> Int?
  private let write: @Sendable (String) -> Void
  private let state: Mutex<State>

  private struct State {
    /// Runs that are over, those before this sweep's start among them.
    var over: Int
    /// With the part of each that had been trained before, 0 to 1.
    var running: [(item: SweepQueue.Item, before: Double)] = []
    var lines: [String] = []
    var failures: [(run: String, reason: String)] = []
    /// Runs that ended since its start, or parts of them.
    var trained = 0.0
    var isBarShown = false

    mutating func open(_ item: SweepQueue.Item) {
      running.removeAll { $0.item.run.id == item.run.id }
      running.append((item, SweepProgress.part(of: item.directory)))
    }

    mutating func close(_ item: SweepQueue.Item) {
      // What had been trained before is no work of this sweep.
      for entry in running where entry.item.run.id == item.run.id { trained += 1 - entry.before }
      running.removeAll { $0.item.run.id == item.run.id }
      over += 1
    }
  }

  /// - Parameter done: runs that are finished already.
  init(
    total: Int, done: Int, columns: @escaping @Sendable () -> Int?,
    write: @escaping @Sendable (String) -> Void
  ) {
    self.total = total
    self.columns = columns
    self.write = write
    state = Mutex(State(over: done))
  }

  /// The runs that could not be trained to their end, with the reasons.
  var failures: [(run: String, reason: String)] { state.withLock { $0.failures } }

  /// Takes note of what happened, on any thread.
  func note(_ event: SweepQueue.Event) {
    state.withLock { state in
      switch event {
      case .began(let item):
        state.open(item)
        state.lines.append("\(item.run.id): begins")
      case .awaited(let item):
        state.open(item)
        state.lines.append("\(item.run.id): is being trained already; waiting for it")
      case .ended(let item):
        state.close(item)
        state.lines.append("\(count(state)) \(item.run.id): \(Self.outcome(of: item.directory))")
      case .failed(let item, let reason):
        state.close(item)
        state.failures.append((item.run.id, reason))
        state.lines.append("\(count(state)) \(item.run.id): failed: \(Sanitizer.sanitize(reason))")
      }
    }
  }

  private func count(_ state: State) -> String { "\(state.over)/\(total)" }

  /// `accuracy 91.20 %, loss 0.2571, after 01:32`
  private static func outcome(of directory: RunDirectory) -> String {
    let history: RunHistory
    do {
      history = try RunHistory.load(folder: directory.path)
    } catch {
      return "ended; \(error)"
    }
    var parts: [String] = []
    if let accuracy = history.series("accuracy/val")?.latest?.value {
      parts.append("accuracy \(NumberText.percent(accuracy, decimals: 2))")
    }
    if let loss = history.series("loss/val")?.latest?.value {
      parts.append("loss \(NumberText.significant(loss))")
    }
    if let seconds = history.seconds {
      parts.append("after \(NumberText.duration(seconds: seconds))")
    }
    return parts.joined(separator: ", ")
  }

  /// Says what there is to say.
  ///
  /// - Parameter seconds: since its start.
  func show(at seconds: Double) {
    let text = state.withLock { state in
      guard !state.lines.isEmpty || columns() != nil else { return "" }
      var text = state.isBarShown ? "\r\u{1B}[K" : ""
      text += state.lines.map { $0 + "\n" }.joined()
      state.lines = []
      state.isBarShown = false
      if let columns = columns(), state.over < total {
        let parts = state.running.map { Self.part(of: $0.item.directory) }.reduce(0, +)
        let fraction = (Double(state.over) + parts) / Double(total)
        text += ProgressText.bar(
          fraction, bar(state, parts: parts, seconds: seconds), columns: columns - 1)
        state.isBarShown = true
      }
      return text
    }
    if !text.isEmpty { write(text) }
  }

  /// Takes the bar away: what is said next has a line of its own.
  func clear() {
    let wasShown = state.withLock { state in
      defer { state.isBarShown = false }
      return state.isBarShown
    }
    if wasShown { write("\r\u{1B}[K") }
  }

  private func bar(_ state: State, parts: Double, seconds: Double) -> String {
    let now = state.running.map(\.item.run.id).joined(separator: ", ")
    let before = state.running.reduce(0) { $0 + $1.before }
    let pace = (state.trained + parts - before) / max(seconds, 1)
    let left = Double(total - state.over) - parts
    // At first it is anybody's guess.
    let remaining =
      pace > 0 && seconds > 5 ? "  ETA \(NumberText.duration(seconds: left / pace))" : ""
    return "\(count(state))  \(now)\(remaining)"
  }

  /// How much of a run is trained, 0 to 1, by its last validation or checkpoint.
  fileprivate static func part(of directory: RunDirectory) -> Double {
    guard let status = try? RunStatus.read(from: directory), status.totalSteps > 0 else { return 0 }
    return min(1, Double(status.step) / Double(status.totalSteps))
  }
}
