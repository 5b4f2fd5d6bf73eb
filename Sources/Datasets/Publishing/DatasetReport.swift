/// What reading every image and label of a data set tells.
public struct DatasetReport: Sendable, Equatable {
  public let name: DatasetName
  public let folder: String
  public let train, test: Split
  /// C, H, W of an image.
  public let shape: [Int]
  /// The name of each class, in the order of its label.
  public let classes: [String]
  public let files: [File]

  public struct Split: Sendable, Equatable {
    /// Images, each of which was read with its label.
    public let count: Int
    /// Images of each class.
    public let perClass: [Int]
    /// The least and the greatest label that occurs.
    public let labels: ClosedRange<Int>

    init(_ images: ImageSet) {
      count = images.count
      var counts = [Int](repeating: 0, count: images.classes.count)
      for label in images.labels { counts[Int(label)] += 1 }
      perClass = counts
      labels = (counts.firstIndex { $0 > 0 } ?? 0)...(counts.lastIndex { $0 > 0 } ?? 0)
    }
  }

  public struct File: Sendable, Equatable {
    public let path: String
    public let isAsPublished: Bool
  }

  /// Reads the files of `name` in `folder`, and compares them with `publication`.
  ///
  /// - Throws: what is wrong with the first file that cannot be read whole, or is missing; that a file
  ///   differs from the published one is no error.
  public init(
    reading name: DatasetName, in folder: String, publication: Publication
  ) throws(DatasetError) {
    let set = try Dataset.read(name, in: folder)
    self.name = name
    self.folder = folder
    (train, test) = (Split(set.train), Split(set.test))
    shape = [set.train.channels, set.train.height, set.train.width]
    classes = set.train.classes
    var files: [File] = []
    for content in publication.contents {
      switch FileState(of: content, name, in: folder) {
      case .asPublished(let path): files.append(File(path: path, isAsPublished: true))
      case .differs(let path): files.append(File(path: path, isAsPublished: false))
      case .damaged(_, let error): throw error
      case .missing: throw .incomplete(name, folder: folder, missing: [content.name])
      }
    }
    self.files = files
  }

  /// Whether every file holds what the publisher's does.
  public var isAsPublished: Bool { files.allSatisfy(\.isAsPublished) }
}
