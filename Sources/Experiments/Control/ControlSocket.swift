import Crypto
import Foundation
import Glibc

/// The socket of a run's worker: a line of text in, a line of text out.
///
/// It stands in `$XDG_RUNTIME_DIR`, or else in a folder of the user's own below the temporary folder,
/// under a name that follows from the run directory's: paths of sockets end at 108 bytes.
public struct ControlSocket: Hashable, Sendable {
  public let path: String
  /// The folder that has to be made, for the user alone; nil where it is there.
  private let ownFolder: String?

  /// Most bytes of a message or a reply, with its newline.
  public static let lineLimit = 4096

  /// - Parameter environment: tells `XDG_RUNTIME_DIR`.
  /// - Throws: where the run directory does not exist, or the socket's path would be too long.
  public init(
    of run: RunDirectory, environment: [String: String]
  ) throws(ControlError) {
    guard let resolved = realpath(run.path, nil) else {
      throw ControlError("no such run directory")
    }
    defer { free(resolved) }
    let digest = SHA256.hash(data: Data(String(cString: resolved).utf8))
    let name = digest.prefix(8).hexadecimal
    if let folder = environment["XDG_RUNTIME_DIR"], folder.hasPrefix("/"), Folder.exists(folder) {
      path = "\(folder)/resnet-tui-\(name).sock"
      ownFolder = nil
    } else {
      let folder = "\(NSTemporaryDirectory().trimmedSlashes)/resnet-tui-\(getuid())"
      path = "\(folder)/\(name).sock"
      ownFolder = folder
    }
    guard path.utf8.count <= Self.pathLimit else {
      throw ControlError(
        "\(path): is too long for a socket; set XDG_RUNTIME_DIR or TMPDIR to a shorter folder")
    }
  }

  /// Most bytes of a socket's path.
  private static let pathLimit = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

  // MARK: The worker's side

  /// Listens, in place of whoever listened here before and is gone.
  ///
  /// - Returns: the descriptor to accept connections on.
  public func listen() throws(ControlError) -> Int32 {
    if let ownFolder { try Self.makeFolder(ownFolder) }
    guard !isAnswered else { throw ControlError("\(path): another worker listens here") }
    unlink(path)
    let descriptor = try Self.open()
    let mask = umask(0o177)
    let isBound = withAddress { bind(descriptor, $0, $1) == 0 }
    umask(mask)
    guard isBound, Glibc.listen(descriptor, 16) == 0 else {
      let reason = Self.systemError()
      close(descriptor)
      throw ControlError("\(path): cannot be listened at: \(reason)")
    }
    return descriptor
  }

  public func remove() { unlink(path) }

  /// A folder that only its owner may enter.
  private static func makeFolder(_ folder: String) throws(ControlError) {
    if mkdir(folder, 0o700) != 0 && errno != EEXIST {
      throw ControlError("\(folder): cannot be made: \(systemError())")
    }
    var attributes = stat()
    guard lstat(folder, &attributes) == 0, attributes.st_mode & S_IFMT == S_IFDIR,
      attributes.st_uid == getuid(), attributes.st_mode & 0o077 == 0
    else { throw ControlError("\(folder): is not a folder of this user alone; remove it") }
  }

  private var isAnswered: Bool {
    guard let descriptor = try? Self.open() else { return false }
    defer { close(descriptor) }
    return withAddress { connect(descriptor, $0, $1) == 0 }
  }

  // MARK: The other side

  /// Sends a message and waits for the reply, `patience` seconds at most.
  public func send(_ message: ControlMessage, patience: Int = 600) throws(ControlError)
    -> ControlReply
  {
    let descriptor = try Self.open()
    defer { close(descriptor) }
    guard withAddress({ connect(descriptor, $0, $1) == 0 }) else {
      throw ControlError(
        errno == ENOENT || errno == ECONNREFUSED
          ? "nobody listens: its worker is gone, or belongs to another user"
          : "cannot be reached: \(Self.systemError())")
    }
    let begin = ContinuousClock.now
    guard Self.write(message.text + "\n", to: descriptor),
      let line = Self.readLine(from: descriptor, within: Double(patience)),
      let reply = ControlReply(line: line)
    else {
      throw ControlError(
        ContinuousClock.now - begin < .seconds(patience)
          ? "its worker ended before it answered" : "gave no answer within \(patience) seconds")
    }
    return reply
  }

  // MARK: Lines

  /// Reads up to a newline; nil where it does not come within `seconds` and `lineLimit` bytes.
  public static func readLine(from descriptor: Int32, within seconds: Double) -> String? {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 512)
    while bytes.count < lineLimit {
      let left = (end - clock.now) / .milliseconds(1)
      var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard left > 0 else { return nil }
      let found = poll(&polled, 1, Int32(min(left.rounded(.up), 1e9)))
      if found < 0 && errno == EINTR { continue }
      guard found > 0 else { return nil }
      let count = recv(descriptor, &chunk, chunk.count, Int32(MSG_DONTWAIT))
      if count < 0 && [EINTR, EAGAIN].contains(errno) { continue }
      guard count > 0 else { return nil }
      bytes.append(contentsOf: chunk.prefix(count))
      if let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
        return String(decoding: bytes[..<end], as: UTF8.self)
      }
    }
    return nil
  }

  /// Writes all of `text`, a line that the socket's buffer has room for; false where the other side is
  /// gone or does not read.
  @discardableResult
  public static func write(_ text: String, to descriptor: Int32) -> Bool {
    var bytes = Array(text.utf8.prefix(lineLimit))[...]
    while !bytes.isEmpty {
      let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
      let count = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, flags) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      bytes.removeFirst(count)
    }
    return true
  }

  // MARK: System calls

  private static func open() throws(ControlError) -> Int32 {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(AF_UNIX, type, 0)
    guard descriptor >= 0 else { throw ControlError("no socket to be had: \(systemError())") }
    return descriptor
  }

  private func withAddress<Result>(
    _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { bytes in
      for (index, byte) in path.utf8.enumerated() { bytes[index] = byte }
    }
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }

  private static func systemError() -> String { String(cString: strerror(errno)) }
}

extension String {
  fileprivate var trimmedSlashes: String {
    var text = self
    while text.count > 1 && text.hasSuffix("/") { text.removeLast() }
    return text
  }
}
