/// What the publisher of a data set has put on the net.
public struct Publication: Sendable, Equatable {
  /// The address of the files, ending in a slash.
  public var base: String
  public var files: [File]

  public init(base: String, files: [File]) {
    self.base = base
    self.files = files
  }

  /// A file as it is fetched.
  public struct File: Sendable, Equatable {
    public var name: String
    /// Bytes.
    public var size: Int
    /// In hexadecimal, as `sha256sum` writes it.
    public var sha256: String
    public var packing: Packing
    /// What it unpacks to: of gzip one, of an archive each that is read.
    public var contents: [Content]

    public init(
      _ name: String, size: Int, sha256: String, packing: Packing, contents: [Content]
    ) {
      self.name = name
      self.size = size
      self.sha256 = sha256
      self.packing = packing
      self.contents = contents
    }
  }

  public enum Packing: Sendable {
    /// Is read as it is.
    case gzip
    /// A gzip-compressed tar archive, which has to be unpacked.
    case archive
  }

  /// A file that is read, not compressed.
  public struct Content: Sendable, Equatable {
    public var name: String
    /// Bytes.
    public var size: Int
    public var sha256: String

    public init(_ name: String, size: Int, sha256: String) {
      self.name = name
      self.size = size
      self.sha256 = sha256
    }
  }

  /// All files that are read.
  public var contents: [Content] { files.flatMap(\.contents) }
}
