/// Why a file could not be fetched, as one line.
public enum DownloadError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The program that transfers files is not installed.
  case missingProgram(String)
  /// Another process is fetching to this path.
  case occupied(path: String)
  /// The file cannot be had from there; trying again would not help.
  case refused(url: String, reason: String)
  /// The last of several attempts ended early. What has come is kept, and gone on with the next time.
  case incomplete(url: String, received: Int, size: Int, reason: String)
  /// What came is not the published file; nothing of it is kept.
  case wrongContent(url: String, reason: String)
  /// The file cannot be written.
  case file(path: String, reason: String)
  /// The task was cancelled; what has come is kept.
  case cancelled

  public var description: String {
    switch self {
    case .missingProgram(let name): "\(name) is not installed; .scripts/install installs it"
    case .occupied(let path):
      "\(path): another process is fetching it; wait until that has ended"
    case .refused(let url, let reason): "\(url): \(reason); check the address, or name a mirror"
    case .incomplete(let url, 0, _, let reason):
      "\(url): \(reason); check the network, or name a mirror"
    case .incomplete(let url, let received, let size, let reason):
      "\(url): \(received) of \(size) bytes came: \(reason); fetch it again to go on from there"
    case .wrongContent(let url, let reason):
      "\(url): \(reason); it was thrown away, fetch it from elsewhere with a mirror"
    case .file(let path, let reason): "\(path): \(reason)"
    case .cancelled: "interrupted; what has come is kept, and the next fetch goes on from there"
    }
  }
}
