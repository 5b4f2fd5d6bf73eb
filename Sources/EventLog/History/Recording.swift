/// All events of a log, to be seen as it was after any step.
///
/// What a step needs is rebuilt from the nearest earlier moment that is kept, so that going back costs no
/// more than a part of the log.
public struct Recording: Sendable {
  /// By step; those of one step in the order of the log.
  private let events: [LogEvent]
  /// What the first `count` events make.
  private struct Moment: Sendable {
    var count: Int
    var history: RunHistory
  }

  /// Moments that are kept, by their counts; the first is the beginning.
  private var kept = [Moment(count: 0, history: RunHistory())]
  /// The moment that was asked for last.
  private var last = Moment(count: 0, history: RunHistory())
  /// Events between two moments that are kept.
  private let interval: Int

  /// Most moments that are kept.
  private static let keptLimit = 32

  /// - Parameter events: files may overlap, and what is written after a step may come late.
  public init(_ events: [LogEvent]) {
    self.events = events.enumerated()
      .sorted { ($0.element.step, $0.offset) < ($1.element.step, $1.offset) }.map(\.element)
    interval = max(256, events.count / Self.keptLimit + 1)
  }

  /// Most bytes of a log that is looked at step by step.
  private static let sizeLimit = 1 << 30

  /// Reads the logs of a folder as far as they are whole.
  ///
  /// - Throws: `EventLogError` where one cannot be read, or they are too long to be kept in memory.
  public init(folder: String) throws(EventLogError) {
    let files = EventFile.files(in: folder)
    let size = files.reduce(0) { $0 + EventFile.length($1) }
    guard size <= Self.sizeLimit else {
      throw EventLogError(
        path: folder, reason: "its log is too long to be looked at step by step: \(size >> 20) MB")
    }
    var events: [LogEvent] = []
    for file in files {
      var reader = EventLogReader(path: file)
      events += try reader.poll(limit: .max).events
    }
    self.init(events)
  }

  /// The steps at which something was written, ascending, each once.
  public var steps: [Int] {
    events.reduce(into: []) { steps, event in
      if steps.last != event.step { steps.append(event.step) }
    }
  }

  /// What the log had said when `step` was over.
  public mutating func history(upTo step: Int) -> RunHistory {
    let count = count(upTo: step)
    if count < last.count {
      last = kept[(kept.firstIndex { $0.count > count } ?? kept.count) - 1]
    }
    while last.count < count {
      last.history.apply(events[last.count])
      last.count += 1
      if last.count == kept[kept.count - 1].count + interval { kept.append(last) }
    }
    return last.history
  }

  /// How many events belong to the steps up to `step`.
  private func count(upTo step: Int) -> Int {
    var (low, high) = (0, events.count)
    while low < high {
      let middle = (low + high) / 2
      if events[middle].step <= step { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
