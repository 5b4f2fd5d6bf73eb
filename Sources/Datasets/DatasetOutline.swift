/// What the headers of a data set's files say of it.
public struct DatasetOutline: Sendable, Equatable {
  /// Number of images.
  public let train, test: Int

  public init(train: Int, test: Int) {
    self.train = train
    self.test = test
  }

  /// Opens the files of `name` in `folder`, and compares their headers with each other and with the
  /// files' lengths: a matter of milliseconds, in which neither pixels nor checksums are looked at.
  ///
  /// - Throws: what reading the set would throw.
  public init(of name: DatasetName, in folder: String) throws(DatasetError) {
    guard let files = name.files else { preconditionFailure("\(name) has no files") }
    func count(_ split: DatasetName.SplitFiles) throws(DatasetError) -> Int {
      let paths = try split.paths(of: name, in: folder)
      return try split.imageCount(
        images: IDXHeader(path: paths.images, rank: 3, content: "images"),
        labels: IDXHeader(path: paths.labels, rank: 1, content: "labels"), paths: paths)
    }
    train = try count(files.train)
    test = try count(files.test)
  }
}
