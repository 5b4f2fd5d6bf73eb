import Foundation
import Synchronization

/// The server's end of one connection.
public final class Connection: Sendable {
  private let descriptor: Int32
  private let sent = Atomic<Int>(0)

  init(descriptor: Int32) { self.descriptor = descriptor }

  /// Bytes of content that were sent.
  var bodyBytes: Int { sent.load(ordering: .relaxed) }

  func end() { close(descriptor) }

  // MARK: Pieces of an answer

  /// Sends lines of a header; without the empty one at its end where `isWhole` is false.
  public func header(_ lines: String..., isWhole: Bool = true) {
    _ = write(Array((lines.joined(separator: "\r\n") + (isWhole ? "\r\n\r\n" : "")).utf8))
  }

  /// Sends content; false once the client has gone.
  @discardableResult
  public func body(_ bytes: some Collection<UInt8>) -> Bool {
    let count = write(Array(bytes))
    sent.wrappingAdd(count, ordering: .relaxed)
    return count == bytes.count
  }

  /// Sends nothing more, and returns when the client has gone.
  public func waitForClient() {
    var byte: UInt8 = 0
    while recv(descriptor, &byte, 1, 0) > 0 {}
  }

  // MARK: Whole answers

  /// What a good server answers: everything, or what is asked for.
  public func serve(_ content: [UInt8], for request: LoopbackServer.Request) {
    serve(content, for: request, upTo: content.count)
  }

  /// As a good server, but the connection ends before byte `end` of the content.
  public func serve(_ content: [UInt8], for request: LoopbackServer.Request, upTo end: Int) {
    let start = request.start ?? 0
    guard start < content.count else {
      return header(
        "HTTP/1.1 416 Range Not Satisfiable", "Content-Range: bytes */\(content.count)",
        "Content-Length: 0", "Connection: close")
    }
    if request.start == nil {
      header("HTTP/1.1 200 OK", "Content-Length: \(content.count)", "Connection: close")
    } else {
      header(
        "HTTP/1.1 206 Partial Content",
        "Content-Range: bytes \(start)-\(content.count - 1)/\(content.count)",
        "Content-Length: \(content.count - start)", "Connection: close")
    }
    body(content[start..<max(start, end)])
  }

  /// An answer without content.
  public func status(_ status: String, _ lines: String...) {
    let all = ["HTTP/1.1 \(status)", "Content-Length: 0", "Connection: close"] + lines
    header(all.joined(separator: "\r\n"))
  }

  // MARK: Bytes

  func readHeader() -> String? {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while bytes.count < 16 << 10, recv(descriptor, &byte, 1, 0) == 1 {
      bytes.append(byte)
      if bytes.ends(with: "\r\n\r\n") { return String(decoding: bytes, as: UTF8.self) }
    }
    return nil
  }

  /// The number of bytes that the system took before the client went.
  private func write(_ bytes: [UInt8]) -> Int {
    bytes.withUnsafeBytes { bytes in
      var offset = 0
      while offset < bytes.count {
        let count = send(
          descriptor, bytes.baseAddress! + offset, bytes.count - offset, Int32(MSG_NOSIGNAL))
        guard count > 0 else { break }
        offset += count
      }
      return offset
    }
  }
}

extension [UInt8] {
  fileprivate func ends(with text: String) -> Bool {
    suffix(text.utf8.count).elementsEqual(text.utf8)
  }
}
