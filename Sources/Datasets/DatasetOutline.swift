/// What the headers and lengths of a data set's files say of it.
public struct DatasetOutline: Sendable, Equatable {
  /// Number of images.
  public let train, test: Int

  public init(train: Int, test: Int) {
    self.train = train
    self.test = test
  }

  /// Opens the files of `name` in `folder`, and compares their headers, where they have such, with each
  /// other and with the files' lengths: a matter of milliseconds, in which neither pixels nor checksums
  /// are looked at.
  ///
  /// - Throws: what reading the set would throw.
  public init(of name: DatasetName, in folder: String) throws(DatasetError) {
    func count(_ pair: DatasetFiles.IDXPair) throws(DatasetError) -> Int {
      let paths = try pair.paths(of: name, in: folder)
      return try pair.imageCount(
        images: IDXHeader(path: paths.images, rank: 3, content: "images"),
        labels: IDXHeader(path: paths.labels, rank: 1, content: "labels"), paths: paths)
    }
    func count(_ batches: [String]) throws(DatasetError) -> Int {
      var sum = 0
      for file in batches {
        sum += try CIFARBatch.count(
          of: name.requiredPath(of: file, in: folder), classes: name.classes.count)
      }
      return sum
    }
    switch name.files {
    case .idx(let train, let test): (self.train, self.test) = (try count(train), try count(test))
    case .batches(let train, let test):
      (self.train, self.test) = (try count(train), try count(test))
    case nil: preconditionFailure("\(name) has no files")
    }
  }
}
