import Glibc

/// A file on the net of which size and checksum are known.
public struct Download: Sendable, Equatable {
  /// Begins with `http://` or `https://`.
  public var url: String
  /// Bytes.
  public var size: Int
  /// In hexadecimal, small letters.
  public var sha256: String
  /// Where it goes; the folder is there.
  public var path: String

  public init(url: String, size: Int, sha256: String, path: String) {
    self.url = url
    self.size = size
    self.sha256 = sha256
    self.path = path
  }

  /// Whether the file is in its place, whole and right.
  public var isInPlace: Bool {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var attributes = stat()
    return fstat(descriptor, &attributes) == 0 && attributes.st_mode & S_IFMT == S_IFREG
      && attributes.st_size == size && Checksum.sha256(of: descriptor, size: size) == sha256
  }
}
