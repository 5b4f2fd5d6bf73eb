/// A data set with its two splits.
public struct Dataset: Sendable {
  public let name: DatasetName
  public let train: ImageSet
  public let test: ImageSet
  /// Of the training pixels on the scale 0..1, per channel: the published constants where there are
  /// such, otherwise measured.
  public let mean: [Float]
  public let standardDeviation: [Float]

  /// Reads `name` from the first folder that has all of its files; draws the procedural set, which is
  /// always the same one.
  public static func load(
    _ name: DatasetName, location: DatasetLocation
  ) throws(DatasetError) -> Dataset {
    switch location.status(of: name) {
    case .builtIn: return .procedural(seed: 0)
    case .found(let folder): return try read(name, in: folder)
    case .incomplete(let folder, let missing):
      throw .incomplete(name, folder: folder, missing: missing)
    case .notFound(let folders): throw .notFound(name, folders: folders)
    }
  }

  /// Reads the files of `name` from `folder`.
  static func read(_ name: DatasetName, in folder: String) throws(DatasetError) -> Dataset {
    switch name.files {
    case .idx(let train, let test):
      try .idx(name, train: train, test: test, folder: folder)
    case .batches(let train, let test):
      try .batches(name, train: train, test: test, folder: folder)
    case nil: preconditionFailure("\(name) has no files")
    }
  }
}
