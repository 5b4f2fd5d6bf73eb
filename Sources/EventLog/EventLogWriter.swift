import Glibc

/// Appends events to a log, each with one write, so that a reader never sees half of two.
///
/// Used from one thread at a time.
public final class EventLogWriter {
  public let path: String
  private var descriptor: Int32
  /// Bytes of the file so far.
  private var length = 0

  /// Creates the file with its version record.
  ///
  /// - Throws: `EventLogError` if the file exists or cannot be created.
  public init(creating path: String, wallTime: Double) throws(EventLogError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw EventLogError(
        path: path,
        reason: errno == EEXIST
          ? "the log exists already; choose another run directory" : Self.reason("be created"))
    }
    try append(record: LogEvent.versionRecord(wallTime: wallTime))
  }

  /// Goes on with a log; what a crash has left of a record at its end is cut off.
  ///
  /// - Throws: `EventLogError` if the file cannot be read or written.
  public init(appendingTo path: String) throws(EventLogError) {
    self.path = path
    descriptor = -1
    var reader = EventLogReader(path: path)
    var poll: Poll
    repeat { poll = try reader.poll() } while !poll.isAtEnd
    descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw EventLogError(path: path, reason: Self.reason("be opened"))
    }
    length = reader.wholeLength
    guard !poll.hasTornTail || ftruncate(descriptor, off_t(length)) == 0 else {
      throw EventLogError(path: path, reason: Self.reason("be cut to its whole records"))
    }
  }

  deinit { close() }

  /// Appends the scalars of one step as one event.
  public func append(
    step: Int, wallTime: Double, scalars: [(tag: String, value: Float)]
  ) throws(EventLogError) {
    try append(
      LogEvent(
        wallTime: wallTime, step: step,
        values: scalars.map { .scalar(tag: $0.tag, value: $0.value) }))
  }

  /// Appends a text summary.
  public func append(
    step: Int, wallTime: Double, text: String, tag: String
  ) throws(EventLogError) {
    try append(
      LogEvent(wallTime: wallTime, step: step, values: [.text(tag: tag, text: text)]))
  }

  public func append(_ event: LogEvent) throws(EventLogError) { try append(record: event.data) }

  /// Waits until all of the log is on the disk.
  ///
  /// - Returns: its length in bytes.
  public func synchronize() throws(EventLogError) -> Int {
    guard fsync(descriptor) == 0 else {
      throw EventLogError(path: path, reason: Self.reason("be flushed"))
    }
    return length
  }

  /// Closing again does nothing.
  public func close() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }

  /// A write that fails half-way is undone: the log ends with a whole record.
  private func append(record data: [UInt8]) throws(EventLogError) {
    var bytes: [UInt8] = []
    TFRecord.append(data, to: &bytes)
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        write(descriptor, $0.baseAddress! + written, $0.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        let reason = Self.reason("be written")
        if written > 0 { _ = ftruncate(descriptor, off_t(length)) }
        throw EventLogError(path: path, reason: reason)
      }
      written += count
    }
    length += bytes.count
  }

  private static func reason(_ action: String) -> String {
    let error = errno
    let text = String(cString: strerror(error))
    return switch error {
    case ENOSPC, EDQUOT: "cannot \(action): the disk is full; make room"
    case EACCES, EROFS, EPERM: "cannot \(action): \(text); choose a folder that you may write to"
    default: "cannot \(action): \(text)"
    }
  }
}
