import Subprocess

/// Fetches files of known size and checksum: each is in its place whole and right, or not at all.
///
/// What has come of a file stays beside it in `<path>.partial`, and the next attempt goes on from there.
/// Where the bytes of several attempts do not go together, the file is fetched once more from its
/// beginning.
public struct Downloader: Sendable {
  /// The program that transfers; looked up in `PATH`.
  public var program = "curl"
  /// Attempts in a row that may bring less than `worthwhile` bytes before it gives up.
  public var attempts = 4
  /// Seconds after which a connection that is not there is given up.
  public var connectLimit = 20
  /// Seconds without a byte after which an attempt is given up.
  public var stallLimit = 30
  /// Waits between two attempts.
  public var pause: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

  /// Bytes that make an attempt worth another one, however often that was.
  static let worthwhile = 1 << 20

  public init() {}

  /// Fetches a file to its path, where an old one is replaced.
  ///
  /// - Parameter progress: is told the bytes that are there, at the start and whenever more have come.
  public func fetch(
    _ download: Download, progress: @Sendable (Int) -> Void = { _ in }
  ) async throws(DownloadError) {
    let partial = try PartialFile(for: download.path)
    // Nothing that came is nothing to keep.
    defer { if partial.size == 0 { partial.discard() } }
    if partial.size > download.size { try partial.empty() }
    var failures = 0
    var isSecondTime = false
    // Bytes that came where a server had no more to say.
    var shorter: Int?
    while true {
      let begun = partial.size
      progress(begun)
      let failure =
        begun < download.size
        ? try await attempt(download, partial, progress: progress) : nil
      if partial.size == download.size {
        if try partial.sha256() == download.sha256 { return try partial.place() }
        try partial.empty()
        guard begun > 0, !isSecondTime else {
          throw .wrongContent(
            url: download.url, reason: "its SHA-256 is not that of the published file")
        }
        isSecondTime = true
        continue
      }
      if failure == nil, begun == 0, partial.size > 0 {
        guard shorter != partial.size else {
          try partial.empty()
          throw .wrongContent(
            url: download.url,
            reason: "is \(shorter ?? 0) bytes long where the published file has \(download.size)")
        }
        shorter = partial.size
      }
      failures = partial.size - begun >= Self.worthwhile ? 1 : failures + 1
      guard failures < attempts else {
        throw .incomplete(
          url: download.url, received: partial.size, size: download.size,
          reason: failure ?? "the server ended it early")
      }
      // 1, 2, 4 … seconds.
      do {
        try await pause(.seconds(1 << min(failures - 1, 6)))
      } catch {
        throw .cancelled
      }
    }
  }

  /// Transfers what is missing, or a part of that; gives back why it ended early, nil where curl does not
  /// think it did.
  private func attempt(
    _ download: Download, _ partial: PartialFile, progress: @Sendable (Int) -> Void
  ) async throws(DownloadError) -> String? {
    let curl = Curl(program: program, connectLimit: connectLimit, stallLimit: stallLimit)
    let end: Curl.End
    do {
      end = try await curl.transfer(
        download.url, from: partial.size, limit: download.size
      ) { bytes in
        guard bytes.count <= download.size - partial.size else { throw Overflow() }
        try partial.append(bytes)
        progress(partial.size)
      }
    } catch is Overflow {
      try partial.empty()
      throw .wrongContent(
        url: download.url, reason: "more came than the \(download.size) bytes that are published")
    } catch let error as DownloadError {
      throw error
    } catch is CancellationError {
      throw .cancelled
    } catch let error as SubprocessError where error.code == .executableNotFound {
      throw .missingProgram(program)
    } catch {
      throw Task.isCancelled
        ? .cancelled : .refused(url: download.url, reason: "cannot run \(program): \(error)")
    }
    switch end.verdict {
    case .came: return nil
    case .broke: return end.reason
    case .cannotResume:
      try partial.empty()
      return end.reason
    case .refused where end.code == Curl.End.tooLong:
      try partial.empty()
      throw .wrongContent(
        url: download.url,
        reason: "longer than the \(download.size) bytes that are published")
    case .refused: throw .refused(url: download.url, reason: end.reason)
    }
  }

  /// More bytes came than the file has.
  private struct Overflow: Error {}
}

extension Curl.End {
  /// curl's code for a file that is announced as longer than its limit.
  static let tooLong: Int32 = 63
}
