import FoundationEssentials

/// The publisher's files of a data set, by their names without `.gz`.
enum DatasetFiles: Sendable {
  /// Images and labels apart, as IDX arrays.
  case idx(train: IDXPair, test: IDXPair)
  /// Labels and images together, in CIFAR's binary batches.
  case batches(train: [String], test: [String])

  struct IDXPair: Sendable {
    let images, labels: String
  }

  /// All names, those of the training images first.
  var names: [String] {
    switch self {
    case .idx(let train, let test): [train.images, train.labels, test.images, test.labels]
    case .batches(let train, let test): train + test
    }
  }
}

extension DatasetName {
  /// The publisher's files, or nil where the set needs none.
  var files: DatasetFiles? {
    switch self {
    case .procedural: nil
    case .fashionMNIST, .mnist:
      .idx(
        train: .init(images: "train-images-idx3-ubyte", labels: "train-labels-idx1-ubyte"),
        test: .init(images: "t10k-images-idx3-ubyte", labels: "t10k-labels-idx1-ubyte"))
    case .cifar10:
      .batches(train: (1...5).map { "data_batch_\($0).bin" }, test: ["test_batch.bin"])
    }
  }

  /// The folder that the publisher's archive unpacks to; nil where there is no archive.
  var archiveFolder: String? {
    self == .cifar10 ? "cifar-10-batches-bin" : nil
  }

  /// Where the file `file` of this set is: in `folder`, or in the archive's own folder there, plain or
  /// else as `.gz`; nil where it is in none of these places.
  func path(of file: String, in folder: String) -> String? {
    let folders = [folder] + (archiveFolder.map { ["\(folder)/\($0)"] } ?? [])
    return folders.lazy.flatMap { ["\($0)/\(file)", "\($0)/\(file).gz"] }.first {
      FileManager.default.fileExists(atPath: $0)
    }
  }

  /// As `path(of:in:)`, of a file that must be there.
  ///
  /// - Throws: `DatasetError.incomplete` where it is not.
  func requiredPath(of file: String, in folder: String) throws(DatasetError) -> String {
    guard let path = path(of: file, in: folder) else {
      throw .incomplete(self, folder: folder, missing: [file])
    }
    return path
  }
}
