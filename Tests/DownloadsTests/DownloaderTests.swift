import Foundation
import LoopbackServer
import Synchronization
import TestSupport
import Testing

@testable import Downloads

/// What a download costs, tells and leaves, with servers that behave and others.
@Suite struct DownloaderTests {
  private static let content = ServerSituationTests.content
  private static let size = content.count
  private static let half = size / 2

  /// What the fetch threw; nil where it threw nothing.
  private func failure(
    of download: Download, by downloader: Downloader = .patient,
    progress: @Sendable (Int) -> Void = { _ in }
  ) async -> DownloadError? {
    do throws(DownloadError) {
      try await downloader.fetch(download, progress: progress)
      return nil
    } catch {
      return error
    }
  }

  /// The second attempt asks for the rest, and gets no byte twice.
  @Test func onlyTheRestIsSent() async throws {
    try await withAsyncScratchFolder { folder in
      let server = try LoopbackServer {
        $1.serve(Self.content, for: $0, upTo: $0.index == 0 ? Self.half : Self.size)
      }
      let path = "\(folder)/file"
      let download = Download.of(Self.content, at: server.url, to: path)
      #expect(await failure(of: download) == nil)
      #expect(server.stop() == [Self.half, Self.size - Self.half])
      #expect(server.requests.map(\.start) == [nil, Self.half])
      #expect(try bytes(of: path) == Self.content)
    }
  }

  /// A stream without an end costs no more than what the pipes and sockets hold, and no space.
  @Test func anEndlessStreamStopsSoon() async throws {
    try await withAsyncScratchFolder { folder in
      let server = try LoopbackServer { _, connection in
        connection.header("HTTP/1.0 200 OK")
        while connection.body(Self.content) {}
      }
      let largest = Mutex(0)
      let download = Download.of(Self.content, at: server.url, to: "\(folder)/file")
      let failure = await failure(of: download) { bytes in largest.withLock { $0 = max($0, bytes) }
      }
      guard case .wrongContent = failure else {
        Issue.record("\(String(describing: failure))")
        return
      }
      #expect(server.stop().reduce(0, +) < 32 << 20)
      #expect(largest.withLock { $0 } <= Self.size)
      #expect(try names(in: folder) == [])
    }
  }

  /// Attempts that bring a lot do not count against it.
  @Test func aBadLineEndsAtLast() async throws {
    try await withAsyncScratchFolder { folder in
      let large = Array([[UInt8]](repeating: Self.content, count: 32).joined())
      let step = Downloader.worthwhile + 10
      let server = try LoopbackServer {
        $1.serve(large, for: $0, upTo: min(large.count, ($0.start ?? 0) + step))
      }
      let path = "\(folder)/file"
      #expect(await failure(of: Download.of(large, at: server.url, to: path)) == nil)
      #expect(server.stop().count == large.count / step + 1)
      #expect(try bytes(of: path) == large)
    }
  }

  /// 1, 2 and 4 seconds between four attempts, and none after the last.
  @Test func itWaitsLongerEachTime() async throws {
    try await withAsyncScratchFolder { folder in
      let server = try LoopbackServer { $1.status("503 Service Unavailable") }
      let pauses = Mutex<[Duration]>([])
      var downloader = Downloader.patient
      downloader.pause = { pause in pauses.withLock { $0.append(pause) } }
      let download = Download.of(Self.content, at: server.url, to: "\(folder)/file")
      #expect(await failure(of: download, by: downloader)?.description.contains("503") == true)
      #expect(server.stop().count == 4)
      #expect(pauses.withLock { $0 } == [.seconds(1), .seconds(2), .seconds(4)])
    }
  }

  @Test func progressTellsWhatIsThere() async throws {
    try await withAsyncScratchFolder { folder in
      let server = try LoopbackServer { $1.serve(Self.content, for: $0) }
      let path = "\(folder)/file"
      try put(Array(Self.content[..<Self.half]), at: path + ".partial")
      let told = Mutex<[Int]>([])
      let download = Download.of(Self.content, at: server.url, to: path)
      #expect(await failure(of: download) { bytes in told.withLock { $0.append(bytes) } } == nil)
      server.stop()
      let all = told.withLock { $0 }
      #expect(all.first == Self.half && all.last == Self.size && all == all.sorted())
    }
  }

  /// A file that is there stays until another one has come whole.
  @Test func anOldFileStaysUntilANewOneIsWhole() async throws {
    try await withAsyncScratchFolder { folder in
      let server = try LoopbackServer {
        $1.serve(Self.content, for: $0, upTo: $0.index < 4 ? Self.half : Self.size)
      }
      let path = "\(folder)/file"
      try put([1, 2, 3], at: path)
      let download = Download.of(Self.content, at: server.url, to: path)
      guard case .incomplete(_, Self.half, Self.size, _) = await failure(of: download) else {
        Issue.record("the server ended it early")
        return
      }
      #expect(try bytes(of: path) == [1, 2, 3] && !download.isInPlace)
      // The next call goes on from there.
      #expect(await failure(of: download) == nil)
      #expect(server.stop() == [Self.half, 0, 0, 0, Self.size - Self.half])
      #expect(try bytes(of: path) == Self.content && download.isInPlace)
      #expect(try names(in: folder) == ["file"])
    }
  }

  @Test func noServer() async throws {
    try await withAsyncScratchFolder { folder in
      let server = try LoopbackServer { $1.serve(Self.content, for: $0) }
      server.stop()
      let download = Download.of(Self.content, at: server.url, to: "\(folder)/file")
      guard case .incomplete(_, 0, _, let reason) = await failure(of: download) else {
        Issue.record("nobody listens there any more")
        return
      }
      #expect(reason.contains("connect"))
      #expect(try names(in: folder) == [])
    }
  }

  @Test func noCurl() async throws {
    try await withAsyncScratchFolder { folder in
      var downloader = Downloader.patient
      downloader.program = "no-such-curl"
      let download = Download.of(
        Self.content, at: "http://127.0.0.1:9/", to: "\(folder)/file")
      let failure = await failure(of: download, by: downloader)
      #expect(failure == .missingProgram("no-such-curl"))
      #expect(failure?.description.hasSuffix(".scripts/install installs it") == true)
      let left = try names(in: folder)
      #expect(left == [])
    }
  }

  /// A cancelled fetch ends although its server stalls; curl lets go of the connection, and what has come
  /// stays.
  @Test func cancelling() async throws {
    try await withAsyncScratchFolder { folder in
      let server = try LoopbackServer {
        $1.serve(Self.content, for: $0, upTo: $0.index == 0 ? Self.half : Self.size)
        if $0.index == 0 { $1.waitForClient() }
      }
      let path = "\(folder)/file"
      let download = Download.of(Self.content, at: server.url, to: path)
      let (halves, continuation) = AsyncStream.makeStream(of: Void.self)
      // Only a cancellation ends the first attempt.
      let task = Task {
        await failure(of: download) { if $0 == Self.half { continuation.yield() } }
      }
      for await _ in halves { break }
      task.cancel()
      #expect(await task.value == .cancelled)
      #expect(try bytes(of: path + ".partial") == Array(Self.content[..<Self.half]))
      #expect(await failure(of: download) == nil)
      #expect(server.stop() == [Self.half, Self.size - Self.half])
      #expect(try bytes(of: path) == Self.content)
    }
  }

  @Test func cancelledBetweenTwoAttempts() async throws {
    try await withAsyncScratchFolder { folder in
      let server = try LoopbackServer { $1.status("503 Service Unavailable") }
      var downloader = Downloader.patient
      downloader.pause = { _ in throw CancellationError() }
      let download = Download.of(Self.content, at: server.url, to: "\(folder)/file")
      #expect(await failure(of: download, by: downloader) == .cancelled)
      #expect(server.stop().count == 1)
    }
  }

  /// Of several fetches of one file at once, one goes on; the others say so, or find it done.
  @Test func severalAtOnce() async throws {
    try await withAsyncScratchFolder { folder in
      let server = try LoopbackServer { $1.serve(Self.content, for: $0) }
      let path = "\(folder)/file"
      let download = Download.of(Self.content, at: server.url, to: path)
      let failures = await withTaskGroup(of: DownloadError?.self) { group in
        for _ in 0..<8 { group.addTask { await self.failure(of: download) } }
        return await group.reduce(into: []) { $0.append($1) }
      }
      server.stop()
      #expect(failures.contains(nil))
      #expect(failures.allSatisfy { $0 == nil || $0 == .occupied(path: path) })
      #expect(try bytes(of: path) == Self.content)
      #expect(try names(in: folder) == ["file"])
    }
  }

  @Test func aHeldFileIsLeftAlone() async throws {
    try await withAsyncScratchFolder { folder in
      let path = "\(folder)/file"
      try put([7, 7], at: path + ".partial")
      let held = try PartialFile(for: path)
      let download = Download.of(Self.content, at: "http://127.0.0.1:9/", to: path)
      #expect(await failure(of: download) == .occupied(path: path))
      #expect(held.size == 2)
      #expect(try bytes(of: path + ".partial") == [7, 7])
    }
  }

  @Test func placesThatCannotBeWritten() async throws {
    try await withAsyncScratchFolder { folder in
      func refusal(_ path: String) async -> String {
        let download = Download.of(Self.content, at: "http://127.0.0.1:9/", to: path)
        guard case .file(_, let reason) = await failure(of: download) else { return "none" }
        return reason
      }
      #expect(await refusal("\(folder)/none/file").contains("No such file"))
      try put([1], at: "\(folder)/other")
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/linked.partial", withDestinationPath: "\(folder)/other")
      #expect(await refusal("\(folder)/linked").contains("it is a link"))
      #expect(try bytes(of: "\(folder)/other") == [1])
      #expect(mkfifo("\(folder)/piped.partial", 0o600) == 0)
      #expect(await refusal("\(folder)/piped").contains("no regular file"))
      try FileManager.default.createDirectory(
        atPath: "\(folder)/filled.partial", withIntermediateDirectories: true)
      #expect(await refusal("\(folder)/filled").contains("Is a directory"))
    }
  }
}
