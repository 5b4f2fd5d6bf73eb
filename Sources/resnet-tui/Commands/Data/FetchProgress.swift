import Cells
import Datasets
import Downloads
import Synchronization
import Worker

/// What a fetch says on standard error: a bar with bytes, rate and time left on a terminal, else a line for
/// each file and one every few seconds.
final class FetchProgress: Sendable {
  /// Seconds between two lines of one file.
  static let interval = 5.0

  /// The terminal's present width; nil where there is none.
  private let columns: @Sendable () -> Int?
  private let write: @Sendable (String) -> Void
  private let state = Mutex(State())

  private struct State {
    /// Files that are complete, and not spoken of yet.
    var completed: [Publication.File] = []
    var current: (file: Publication.File, bytes: Int, meter: DownloadMeter)?
    /// Seconds; at first those of the first look.
    var lastLine: Double?
    var isBarShown = false
  }

  init(columns: @escaping @Sendable () -> Int?, write: @escaping @Sendable (String) -> Void) {
    self.columns = columns
    self.write = write
  }

  /// Takes note of what happened, on any thread.
  func note(_ event: DatasetFetch.Event) {
    state.withLock { state in
      switch event {
      case .received(let file, let bytes):
        let meter =
          state.current?.file == file ? state.current?.meter : DownloadMeter(total: file.size)
        state.current = meter.map { (file, bytes, $0) }
      case .completed(let file):
        state.completed.append(file)
        state.current = nil
      }
    }
  }

  /// Says what there is to say.
  ///
  /// - Parameter seconds: of a clock that never goes back.
  func show(at seconds: Double) {
    write(state.withLock { text(&$0, at: seconds) })
  }

  /// Ends the bar's line: what is said next has one of its own.
  func end() {
    let wasShown = state.withLock { state in
      defer { state.isBarShown = false }
      return state.isBarShown
    }
    if wasShown { write("\n") }
  }

  private func text(_ state: inout State, at seconds: Double) -> String {
    let columns = columns()
    var text = state.isBarShown ? "\r\u{1B}[K" : ""
    state.isBarShown = false
    for file in state.completed {
      text += "\(file.name)  \(NumberText.bytes(Double(file.size)))\n"
      state.lastLine = seconds
    }
    state.completed = []
    guard let (file, bytes, _) = state.current else { return text }
    state.current?.meter.record(bytes, at: seconds)
    guard let meter = state.current?.meter else { return text }
    let line = Self.line(file, bytes, meter)
    if let columns {
      // The last column stays free: a terminal that wraps there would scroll.
      text += ProgressText.bar(
        Double(bytes) / Double(max(1, file.size)), line, columns: columns - 1)
      state.isBarShown = true
    } else if seconds - (state.lastLine ?? seconds) >= Self.interval {
      text += line + "\n"
      state.lastLine = seconds
    } else if state.lastLine == nil {
      state.lastLine = seconds
    }
    return text
  }

  /// `t10k-images-idx3-ubyte.gz  1.20 MB of 4.42 MB  800.0 kB/s  ETA 00:04`
  private static func line(
    _ file: Publication.File, _ bytes: Int, _ meter: DownloadMeter
  ) -> String {
    let size = NumberText.bytes(Double(file.size))
    var parts = [file.name, "\(NumberText.bytes(Double(bytes))) of \(size)"]
    if let rate = meter.rate { parts.append("\(NumberText.bytes(rate))/s") }
    if let remaining = meter.remaining {
      parts.append("ETA \(NumberText.duration(seconds: remaining))")
    }
    return parts.joined(separator: "  ")
  }
}
