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
      guard errno != EEXIST else {
        throw EventLogError(
          path: path, reason: "the log exists already; choose another run directory")
      }
      throw EventLogError(path: path, cannot: "be created", code: errno)
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
    descriptor = open(path, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw EventLogError(path: path, cannot: "be opened", code: errno)
    }
    length = reader.wholeLength
    guard !poll.hasTornTail || ftruncate(descriptor, off_t(length)) == 0 else {
      throw EventLogError(path: path, cannot: "be cut to its whole records", code: errno)
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
      // What could not be flushed may be lost, so that trying again would only seem to help.
      var error = EventLogError(path: path, cannot: "be flushed", code: errno)
      error.isDiskFull = false
      throw error
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
        let code = errno
        if written > 0 { _ = ftruncate(descriptor, off_t(length)) }
        throw EventLogError(path: path, cannot: "be written", code: code)
      }
      written += count
    }
    length += bytes.count
  }
}

extension EventLogError {
  /// The failure of a system call.
  fileprivate init(path: String, cannot action: String, code: Int32) {
    let text = String(cString: strerror(code))
    let mend =
      switch code {
      case ENOSPC, EDQUOT: "the disk is full; make room"
      case EACCES, EROFS, EPERM: "\(text); choose a folder that you may write to"
      case ELOOP: "it is a link, which a log must not be; put the file itself in its place"
      default: text
      }
    self.init(path: path, reason: "cannot \(action): \(mend)")
    isDiskFull = code == ENOSPC || code == EDQUOT
  }
}
