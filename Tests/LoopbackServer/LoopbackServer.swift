import Foundation
import Synchronization

/// An HTTP server on a port of 127.0.0.1 whose answers a test chooses byte by byte, wrong ones too.
public final class LoopbackServer: Sendable {
  /// What a client asked for.
  public struct Request: Sendable {
    /// `/` and the rest of the address.
    public let path: String
    /// The first byte that is asked for; nil for all.
    public let start: Int?
    /// How many requests came before.
    public let index: Int
  }

  private let listener: Int32
  private let port: UInt16
  private let seen = Mutex<[Request]>([])
  private let bytesSent = Mutex<[Int]>([])
  private let threads = DispatchGroup()

  /// - Parameter answer: is called for each request, on a thread of its own; the connection is closed
  ///   when it returns.
  public init(answer: @escaping @Sendable (Request, Connection) -> Void) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        listener >= 0 && bind(listener, address, length) == 0 && listen(listener, 16) == 0
          && getsockname(listener, address, &length) == 0 ? 0 : errno
      }
    }
    self.listener = listener
    port = UInt16(bigEndian: address.sin_port)
    guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO) }
    threads.enter()
    Thread.detachNewThread { [self] in
      while true {
        let client = accept(listener, nil, nil)
        guard client >= 0 else { break }
        threads.enter()
        Thread.detachNewThread { [self] in
          let connection = Connection(descriptor: client)
          if let request = take(connection) {
            answer(request, connection)
            bytesSent.withLock { $0[request.index] = connection.bodyBytes }
          }
          connection.end()
          threads.leave()
        }
      }
      threads.leave()
    }
  }

  /// The address of the server's root, with a slash at its end.
  public var url: String { "http://127.0.0.1:\(port)/" }

  /// All requests, in their order.
  public var requests: [Request] { seen.withLock { $0 } }

  /// Takes no more requests, and returns when all are answered; gives back the bytes of content that were
  /// sent for each.
  @discardableResult
  public func stop() -> [Int] {
    shutdown(listener, Int32(SHUT_RDWR))
    threads.wait()
    close(listener)
    return bytesSent.withLock { $0 }
  }

  /// Reads a request's header; nil where it does not come.
  private func take(_ connection: Connection) -> Request? {
    guard let header = connection.readHeader() else { return nil }
    let lines = header.split(separator: "\r\n")
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count == 3 else { return nil }
    let range = lines.first { $0.lowercased().hasPrefix("range: bytes=") }
    let start = range?.split(separator: "=").last?.split(separator: "-").first
    return seen.withLock { seen in
      let request = Request(
        path: String(words[1]), start: start.flatMap { Int($0) }, index: seen.count)
      seen.append(request)
      bytesSent.withLock { $0.append(0) }
      return request
    }
  }
}
