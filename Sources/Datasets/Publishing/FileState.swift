import Crypto

/// What a file of a data set is worth, next to what the publisher's holds.
public enum FileState: Sendable, Equatable {
  case missing
  /// It holds the published bytes, compressed or not.
  case asPublished(path: String)
  /// It can be read, but holds something else.
  case differs(path: String)
  /// It cannot be read as a file of the set.
  case damaged(path: String, DatasetError)

  /// Reads the file of `name` in `folder` that holds `content`, to its end.
  public init(of content: Publication.Content, _ name: DatasetName, in folder: String) {
    guard let path = name.path(of: content.name, in: folder) else {
      self = .missing
      return
    }
    do {
      if try content.isHeld(by: path) {
        self = .asPublished(path: path)
      } else {
        try name.readAlone(content.name, at: path)
        self = .differs(path: path)
      }
    } catch {
      self = .damaged(path: path, error)
    }
  }
}

extension Publication.Content {
  /// Whether these bytes are the content.
  public func isHeld(in bytes: [UInt8]) -> Bool {
    bytes.count == size && SHA256.hash(data: bytes).hexadecimal == sha256
  }

  /// Whether the file at `path`, plain or gzip, holds the content. No more of it is read than that.
  func isHeld(by path: String) throws(DatasetError) -> Bool {
    var file = try GzipFile(path: path)
    var hash = SHA256()
    var rest = size
    while rest > 0 {
      let bytes = try file.read(min(rest, 1 << 20))
      guard !bytes.isEmpty else { return false }
      hash.update(data: bytes)
      rest -= bytes.count
    }
    let isAtEnd = try file.read(1).isEmpty
    return isAtEnd && hash.finalize().hexadecimal == sha256
  }
}

extension DatasetName {
  /// Reads one of the set's files by itself, to tell whether it can be.
  fileprivate func readAlone(_ file: String, at path: String) throws(DatasetError) {
    switch files {
    case .idx(let train, let test):
      let isImages = [train.images, test.images].contains(file)
      _ = try IDXFile(
        path: path, rank: isImages ? 3 : 1, content: isImages ? "images" : "labels")
    case .batches:
      var batch = CIFARBatch()
      try batch.append(path, classes: classes.count)
    case nil: break
    }
  }
}

extension Sequence<UInt8> {
  /// Two digits a byte, as `sha256sum` writes them.
  var hexadecimal: String {
    map { $0 < 16 ? "0\(String($0, radix: 16))" : String($0, radix: 16) }.joined()
  }
}
