import Crypto
import Foundation
import LoopbackServer
import Synchronization
import TestSupport
import Testing

@testable import Downloads

/// Every way in which a server misbehaves, and every state that an earlier attempt may have left: the file
/// is whole and right afterwards, or not there.
@Suite struct ServerSituationTests {
  typealias Request = LoopbackServer.Request

  /// What is published.
  static let content: [UInt8] = {
    var random = SeededGenerator(state: 10)
    return (0..<300_000).map { _ in UInt8.random(in: 0...255, using: &random) }
  }()
  static let size = content.count
  /// Other bytes, as many.
  static let wrong = content.map { ~$0 }
  static let half = size / 2

  enum End: Sendable {
    /// The file is there, after so many requests.
    case right(requests: Int)
    /// An error that has this word; so many bytes are kept for the next attempt.
    case error(String, kept: Int, requests: Int)
  }

  struct Situation: CustomTestStringConvertible, Sendable {
    var testDescription: String
    /// What an earlier attempt left.
    var begun: [UInt8] = []
    /// Whether the server says nothing more at some time, without an end.
    var stalls: Bool
    var end: End
    var answer: @Sendable (Request, Connection) -> Void

    init(
      _ name: String, begun: [UInt8] = [], stalls: Bool = false, _ end: End,
      answer: @escaping @Sendable (Request, Connection) -> Void
    ) {
      testDescription = name
      self.begun = begun
      self.stalls = stalls
      self.end = end
      self.answer = answer
    }
  }

  static let situations: [Situation] = [
    Situation("good", .right(requests: 1)) { $1.serve(content, for: $0) },
    Situation("good, byte by byte at first", .right(requests: 1)) { _, connection in
      connection.header("HTTP/1.1 200 OK", "Content-Length: \(size)")
      for byte in content[..<200] { connection.body([byte]) }
      connection.body(content[200...])
    },
    Situation("no length, closes at the end", .right(requests: 1)) { _, connection in
      connection.header("HTTP/1.0 200 OK")
      connection.body(content)
    },
    Situation("in chunks", .right(requests: 1)) { _, connection in
      connection.header("HTTP/1.1 200 OK", "Transfer-Encoding: chunked")
      connection.body(Array("\(String(size, radix: 16))\r\n".utf8) + content)
      connection.body(Array("\r\n0\r\n\r\n".utf8))
    },
    Situation("sent elsewhere", .right(requests: 2)) { request, connection in
      request.path == "/file"
        ? connection.status("302 Found", "Location: /elsewhere")
        : connection.serve(content, for: request)
    },

    // Ends early.
    Situation("closes early, once", .right(requests: 2)) {
      $1.serve(content, for: $0, upTo: $0.index == 0 ? half : size)
    },
    Situation("closes early, at other bytes each time", .right(requests: 4)) {
      $1.serve(content, for: $0, upTo: size * ($0.index + 1) / 4)
    },
    Situation(
      "closes early, always at the same byte",
      .error("\(half) of \(size) bytes came", kept: half, requests: 4)
    ) { $1.serve(content, for: $0, upTo: half) },
    Situation("closes early without having said a length", .right(requests: 2)) {
      guard $0.index == 0 else { return $1.serve(content, for: $0) }
      $1.header("HTTP/1.0 200 OK")
      $1.body(content[..<half])
    },
    Situation("closes early within a chunk", .right(requests: 2)) {
      guard $0.index == 0 else { return $1.serve(content, for: $0) }
      $1.header("HTTP/1.1 200 OK", "Transfer-Encoding: chunked")
      $1.body(Array("\(String(size, radix: 16))\r\n".utf8) + content[..<half])
    },
    Situation("stalls, once", stalls: true, .right(requests: 2)) {
      $1.serve(content, for: $0, upTo: $0.index == 0 ? half : size)
      if $0.index == 0 { $1.waitForClient() }
    },
    Situation(
      "stalls, always at the same byte", stalls: true,
      .error("\(half) of \(size)", kept: half, requests: 4)
    ) {
      $1.serve(content, for: $0, upTo: half)
      $1.waitForClient()
    },
    Situation("says nothing at all", stalls: true, .error("3 seconds", kept: 0, requests: 4)) {
      $1.waitForClient()
    },
    Situation("closes at once", .error("/file: ", kept: 0, requests: 4)) { _, _ in },
    Situation("drops within its header, once", .right(requests: 2)) {
      guard $0.index == 0 else { return $1.serve(content, for: $0) }
      $1.header("HTTP/1.1 200 OK", "Content-Len", isWhole: false)
    },
    Situation("drops within its header, always", .error("/file: ", kept: 0, requests: 4)) {
      $1.header("HTTP/1.1 200 OK", "Content-Len", isWhole: false)
    },
    Situation("stalls within its header, once", stalls: true, .right(requests: 2)) {
      guard $0.index == 0 else { return $1.serve(content, for: $0) }
      $1.header("HTTP/1.1 200 OK", "Content-Len", isWhole: false)
      $1.waitForClient()
    },
    Situation("has no content", .error("ended it early", kept: 0, requests: 4)) {
      $1.status("200 OK")
    },

    // Lies about the length.
    Situation("says half the length, sends all", .right(requests: 2)) {
      guard $0.index == 0 else { return $1.serve(content, for: $0) }
      $1.header("HTTP/1.1 200 OK", "Content-Length: \(half)")
      $1.body(content)
    },
    Situation(
      "says half the length, always and for every range", .error("early", kept: half, requests: 4)
    ) {
      $1.header("HTTP/1.1 200 OK", "Content-Length: \(half)")
      $1.body(content)
    },
    Situation("says too great a length", .error("longer than the", kept: 0, requests: 1)) {
      $1.header("HTTP/1.1 200 OK", "Content-Length: \(size + 1)")
      $1.body(content)
    },
    Situation("says an absurd length", .error("longer than the", kept: 0, requests: 1)) {
      $1.header("HTTP/1.1 200 OK", "Content-Length: 9223372036854775807")
      $1.body(content)
    },
    Situation("says a length beyond 64 bits", .error("/file: ", kept: 0, requests: 1)) {
      $1.header("HTTP/1.1 200 OK", "Content-Length: 99999999999999999999999")
      $1.body(wrong)
    },
    Situation("says a length that is none", .error("/file: ", kept: 0, requests: 1)) {
      $1.header("HTTP/1.1 200 OK", "Content-Length: -5")
      $1.body(wrong)
    },

    // Other bytes.
    Situation("other bytes", .error("SHA-256", kept: 0, requests: 1)) {
      $1.serve(wrong, for: $0)
    },
    Situation("one other bit", .error("SHA-256", kept: 0, requests: 1)) {
      var bytes = content
      bytes[size - 1] ^= 1
      $1.serve(bytes, for: $0)
    },
    Situation("a byte too many, no length", .error("more came", kept: 0, requests: 1)) {
      $1.header("HTTP/1.0 200 OK")
      $1.body(content + [0])
    },
    Situation("no end, no length", .error("more came", kept: 0, requests: 1)) {
      $1.header("HTTP/1.0 200 OK")
      while $1.body(content) {}
    },
    Situation("no end, in chunks", .error("more came", kept: 0, requests: 1)) {
      $1.header("HTTP/1.1 200 OK", "Transfer-Encoding: chunked")
      let chunk = Array("\(String(size, radix: 16))\r\n".utf8) + content + Array("\r\n".utf8)
      while $1.body(chunk) {}
    },
    Situation(
      "no end of a rest", begun: Array(content[..<half]),
      .error("more came", kept: 0, requests: 1)
    ) {
      $1.header(
        "HTTP/1.1 206 Partial Content",
        "Content-Range: bytes \($0.start ?? 0)-\(size - 1)/\(size)")
      while $1.body(content) {}
    },
    Situation("no HTTP", .error("/file: ", kept: 0, requests: 1)) {
      $1.body(Array("SSH-2.0-OpenSSH_9.2\r\n".utf8))
    },
    Situation("no end of its header", .error("/file: ", kept: 0, requests: 4)) {
      $1.header("HTTP/1.1 200 OK", isWhole: false)
      while $1.body(Array("\r\nX: \(String(repeating: "x", count: 1000))".utf8)) {}
    },

    // Errors.
    Situation("404", .error("404", kept: 0, requests: 1)) { $1.status("404 Not Found") },
    Situation("404 with a page", .error("404", kept: 0, requests: 1)) {
      $1.header("HTTP/1.1 404 Not Found", "Content-Length: \(size)")
      $1.body(wrong)
    },
    Situation("403", .error("403", kept: 0, requests: 1)) { $1.status("403 Forbidden") },
    Situation("500, always", .error("500", kept: 0, requests: 4)) {
      $1.status("500 Internal Server Error")
    },
    Situation("503, once", .right(requests: 2)) {
      $0.index == 0
        ? $1.status("503 Service Unavailable") : $1.serve(content, for: $0)
    },
    Situation(
      "503 in the midst", begun: Array(content[..<half]),
      .error("\(half) of \(size)", kept: half, requests: 4)
    ) { $1.status("503 Service Unavailable") },
    Situation("sent to a file", .error("file", kept: 0, requests: 1)) {
      $1.status("302 Found", "Location: file:///etc/passwd")
    },
    Situation("sent to another protocol", .error("ftp", kept: 0, requests: 1)) {
      $1.status("302 Found", "Location: ftp://127.0.0.1/file")
    },
    Situation("sent round and round", .error("redirect", kept: 0, requests: 6)) {
      $1.status("302 Found", "Location: /file")
    },

    // What an earlier attempt left.
    Situation("half is there", begun: Array(content[..<half]), .right(requests: 1)) {
      $1.serve(content, for: $0)
    },
    Situation("all but a byte is there", begun: Array(content.dropLast()), .right(requests: 1)) {
      $1.serve(content, for: $0)
    },
    Situation("all is there", begun: content, .right(requests: 0)) {
      $1.serve(content, for: $0)
    },
    Situation("more is there", begun: content + wrong, .right(requests: 1)) {
      $1.serve(content, for: $0)
    },
    Situation("half of something else is there", begun: Array(wrong[..<half]), .right(requests: 2))
    { $1.serve(content, for: $0) },
    Situation("all of something else is there", begun: wrong, .right(requests: 1)) {
      $1.serve(content, for: $0)
    },
    Situation(
      "half of something else is there, and the rest is no better", begun: Array(wrong[..<half]),
      .error("SHA-256", kept: 0, requests: 2)
    ) { $1.serve(wrong.reversed(), for: $0) },
    Situation("knows no ranges", begun: Array(content[..<half]), .right(requests: 2)) {
      $1.header("HTTP/1.1 200 OK", "Content-Length: \(size)")
      $1.body(content)
    },
    Situation(
      "answers with another range", begun: Array(content[..<half]), .right(requests: 2)
    ) {
      guard $0.start != nil else { return $1.serve(content, for: $0) }
      $1.header(
        "HTTP/1.1 206 Partial Content", "Content-Range: bytes 0-\(size - 1)/\(size)",
        "Content-Length: \(size)")
      $1.body(content)
    },
    Situation(
      "has a shorter file", begun: Array(content[..<half]),
      .error("1000 bytes long", kept: 0, requests: 4)
    ) { $1.serve(Array(content[..<1000]), for: $0) },
  ]

  /// The number of situations that have ended as they should.
  private static let survived = Mutex(0)

  @Test(arguments: situations)
  func ends(_ situation: Situation) async throws {
    try await withAsyncScratchFolder { folder in
      let server = try LoopbackServer(answer: situation.answer)
      let path = "\(folder)/file"
      if !situation.begun.isEmpty { try put(situation.begun, at: path + ".partial") }
      let download = Download.of(Self.content, at: server.url + "file", to: path)
      var failure: DownloadError?
      do throws(DownloadError) {
        let downloader: Downloader = situation.stalls ? .impatient : .patient
        try await downloader.fetch(download)
      } catch {
        failure = error
      }
      server.stop()
      let left = try names(in: folder)
      switch situation.end {
      case .right(let requests):
        #expect(failure == nil && left == ["file"], "\(String(describing: failure)) \(left)")
        #expect(try bytes(of: path) == Self.content)
        #expect(server.requests.count == requests)
      case .error(let word, let kept, let requests):
        let text = try #require(failure).description
        #expect(text.contains(word) && !text.contains("\n"), "\(text)")
        #expect(left == (kept == 0 ? [] : ["file.partial"]), "\(left)")
        if kept > 0 {
          #expect(try bytes(of: path + ".partial") == Array(Self.content[..<kept]))
        }
        #expect(server.requests.count == requests, "\(text)")
      }
      let count = Self.survived.withLock {
        $0 += 1
        return $0
      }
      if count == Self.situations.count {
        print("\(count) situations of a server: the file is right, or not there")
      }
    }
  }
}

extension Download {
  static func of(_ content: [UInt8], at url: String, to path: String) -> Download {
    let sum = SHA256.hash(data: content).map { String(format: "%02x", $0) }.joined()
    return Download(url: url, size: content.count, sha256: sum, path: path)
  }
}

extension Downloader {
  /// Begins again at once, and waits for a silent server: one whose answer a busy machine delays is not
  /// taken for one that stalls.
  static var patient: Downloader {
    var downloader = Downloader()
    downloader.stallLimit = 600
    downloader.connectLimit = 600
    downloader.pause = { _ in }
    return downloader
  }

  /// Gives up a silent server soon: for those that stall.
  static var impatient: Downloader {
    var downloader = patient
    downloader.stallLimit = 3
    return downloader
  }
}
