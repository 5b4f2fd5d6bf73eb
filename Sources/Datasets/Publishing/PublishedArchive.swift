/// The files of a set in the archive that its publisher packed them in.
public struct PublishedArchive: ~Copyable {
  private let path: String
  /// What is not found yet, by its path in the archive.
  private var wanted: [String: Publication.Content]
  private var archive: TarArchive

  /// Opens the archive `file` of `name` that was fetched to `path`.
  public init(
    _ file: Publication.File, of name: DatasetName, at path: String
  ) throws(DatasetError) {
    self.path = path
    let folder = name.archiveFolder.map { $0 + "/" } ?? ""
    wanted = Dictionary(
      file.contents.map { (folder + $0.name, $0) }, uniquingKeysWith: { first, _ in first })
    archive = try TarArchive(path: path)
  }

  /// The name and the bytes of the next file, in the archive's order; nil when all have been given.
  ///
  /// - Throws: where the archive is damaged, or a file of it is missing or has other bytes than the
  ///   published one.
  public mutating func next() throws(DatasetError) -> (name: String, bytes: [UInt8])? {
    guard !wanted.isEmpty else { return nil }
    guard let (entry, bytes) = try archive.next(of: wanted.mapValues(\.size)),
      let content = wanted.removeValue(forKey: entry)
    else {
      let missing = wanted.values.map(\.name).sorted().joined(separator: ", ")
      throw .file(path, reason: "lacks \(missing); fetch the file again")
    }
    guard content.isHeld(in: bytes) else {
      throw .file(
        path, reason: "\(content.name) differs from the published file; fetch the file again")
    }
    return (content.name, bytes)
  }
}
