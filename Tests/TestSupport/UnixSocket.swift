import Glibc

/// A connection to a socket of the file system, for tests that send what no program of ours would.
public enum UnixSocket {
  /// Sends bytes as they are, then hands the connection to `body`; nil where nobody listens.
  ///
  /// - Parameter isEnd: says that no more will come.
  public static func exchange<Result>(
    _ bytes: [UInt8], at path: String, isEnd: Bool = false, _ body: (Int32) throws -> Result?
  ) rethrows -> Result? {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { place in
      for (index, byte) in path.utf8.enumerated() { place[index] = byte }
    }
    let isConnected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
    guard isConnected else { return nil }
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      // Whoever has read enough may have gone.
      guard count > 0 else { break }
      sent += count
    }
    if isEnd { shutdown(descriptor, Int32(SHUT_WR)) }
    return try body(descriptor)
  }
}
