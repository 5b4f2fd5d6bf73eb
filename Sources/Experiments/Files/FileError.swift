import Glibc

/// Why a file cannot be used.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  public var path: String
  /// What is wrong and how to mend it, as one line.
  public var reason: String

  /// Something could not be written, which says nothing about the input.
  public var isFailure = false

  /// It could not be read, which says nothing about what is in it: it may be sound.
  public var isUnreadable = false

  /// There was no room on the disk: the same may be tried again.
  public var isDiskFull = false

  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  /// The failure of a system call: `cannot write: Permission denied`, with what mends it.
  init(path: String, cannot action: Action, code: Int32) {
    let mend =
      switch code {
      case ENOENT: "; check the path"
      case EACCES where action == .read, EPERM where action == .read: "; make it readable"
      case EACCES, EPERM, EROFS: "; choose a place that you may write to, or change its permissions"
      case EFBIG: "; the limit of file sizes is too low"
      case ENOSPC, EDQUOT: "; make room"
      case ENOTDIR: "; a part of the path is a file"
      default: ""
      }
    let text = Self.isFull(code) ? "the disk is full" : String(cString: strerror(code))
    self.init(path: path, reason: "cannot \(action.rawValue): \(text)\(mend).")
    isFailure = action != .read
    isUnreadable = action == .read && code != ENOENT && code != ENOTDIR
    isDiskFull = Self.isFull(code)
  }

  private static func isFull(_ code: Int32) -> Bool { code == ENOSPC || code == EDQUOT }

  /// What was tried.
  enum Action: String {
    case read, write, flush, remove
    case createFolder = "create the folder"
  }

  public var description: String { "\(path): \(reason)" }
}
