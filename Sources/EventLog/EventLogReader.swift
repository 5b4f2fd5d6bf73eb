import Glibc

/// Bytes of a log that hold no readable record.
public struct LogGap: Sendable, Hashable {
  /// Where in the file the damage begins.
  public var offset: Int
  /// Bytes.
  public var length: Int

  public init(offset: Int, length: Int) {
    self.offset = offset
    self.length = length
  }
}

/// What a log had to say since the last poll.
public struct Poll: Sendable, Equatable {
  public var events: [LogEvent] = []
  /// The file shrank or was replaced: everything read before is void.
  public var rewound = false
  public var gaps: [LogGap] = []
  /// Everything that was in the file has been read.
  public var isAtEnd = true
  /// The file ends in the middle of a record, which may still be under way.
  public var hasTornTail = false

  public init() {}
}

/// Follows a log that may still grow, shrink or be replaced.
///
/// A record at the end that is not whole is waited for. A damaged one is skipped: where its header
/// is right up to its end, else up to the next header that is; what was skipped is reported.
public struct EventLogReader: Sendable {
  public let path: String
  private var scanner: RecordScanner
  private var identity: Identity?

  private struct Identity: Equatable, Sendable {
    var device: UInt64
    var inode: UInt64
  }

  private static let chunk = 1 << 20

  /// Bytes up to the end of the last record that is whole, or of the damage that was given up.
  public var wholeLength: Int { scanner.wholeLength }

  /// Bytes of the file that have not been read, as of the last poll.
  public private(set) var unread = 0

  /// How many bytes of the file have been read.
  public var position: Int { scanner.position }

  /// - Parameter start: where to begin, in bytes; a record has to begin there.
  public init(path: String, from start: Int = 0) {
    self.path = path
    scanner = RecordScanner(from: start)
  }

  /// Reads what has come since the last poll, about `limit` bytes of it at most.
  ///
  /// A file that does not exist yet is empty. Damage is no error.
  ///
  /// - Throws: `EventLogError` if the file cannot be read.
  public mutating func poll(limit: Int = 8 << 20) throws(EventLogError) -> Poll {
    var poll = Poll()
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT {
        if identity != nil { rewind(&poll) }
        return poll
      }
      throw failure()
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure() }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw EventLogError(path: path, reason: "is not a file; name a folder with an event log")
    }
    let found = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    let size = Int(status.st_size)
    if let identity, identity != found || size < position { rewind(&poll) }
    identity = found

    var budget = limit
    while position < size, budget > 0 {
      let count = try read(descriptor, min(Self.chunk, size - position))
      if count == 0 { break }
      budget -= count
      scanner.scan(into: &poll)
      if scanner.hasLostPatience { scanner.abandon(upTo: size, into: &poll) }
    }
    unread = max(0, size - position)
    poll.isAtEnd = position >= size
    poll.hasTornTail = poll.isAtEnd && scanner.isInTheMiddle
    return poll
  }

  /// As `poll`, for a log that nobody appends to any more: a torn tail is a gap.
  public mutating func pollToEnd(limit: Int = 8 << 20) throws(EventLogError) -> Poll {
    var poll = try poll(limit: limit)
    if poll.hasTornTail { scanner.abandon(upTo: position, into: &poll) }
    return poll
  }

  private mutating func rewind(_ poll: inout Poll) {
    self = EventLogReader(path: path)
    poll.rewound = true
  }

  /// Hands up to `count` bytes to the scanner.
  private mutating func read(_ descriptor: Int32, _ count: Int) throws(EventLogError) -> Int {
    let position = off_t(position)
    var got = 0
    scanner.append(count) { room in
      repeat {
        got = pread(descriptor, room.baseAddress, room.count, position)
      } while got < 0 && errno == EINTR
      return max(0, got)
    }
    guard got >= 0 else { throw failure() }
    return got
  }

  private func failure() -> EventLogError {
    let error = errno
    return EventLogError(
      path: path,
      reason: "cannot be read: \(String(cString: strerror(error)))"
        + (error == EACCES ? "; make it readable" : ""))
  }
}
