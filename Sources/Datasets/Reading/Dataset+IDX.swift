extension DatasetName {
  /// The publisher's file names of one split.
  struct SplitFiles: Sendable {
    let images, labels: String
  }

  /// The publisher's file names, or nil where the set needs no file.
  var files: (train: SplitFiles, test: SplitFiles, all: [String])? {
    switch self {
    case .procedural: return nil
    case .fashionMNIST, .mnist:
      let train = SplitFiles(images: "train-images-idx3-ubyte", labels: "train-labels-idx1-ubyte")
      let test = SplitFiles(images: "t10k-images-idx3-ubyte", labels: "t10k-labels-idx1-ubyte")
      return (train, test, [train.images, train.labels, test.images, test.labels])
    }
  }
}

extension Dataset {
  /// Reads the four IDX files of `name` from `folder`.
  static func idx(_ name: DatasetName, folder: String) throws(DatasetError) -> Dataset {
    guard let files = name.files else { preconditionFailure("\(name) has no files") }
    let (mean, standardDeviation) = publishedMoments(of: name)
    return Dataset(
      name: name, train: try split(name, files.train, folder: folder),
      test: try split(name, files.test, folder: folder), mean: [mean],
      standardDeviation: [standardDeviation])
  }

  /// Mean and standard deviation of the training pixels on 0..1: MNIST's as in PyTorch's `mnist`
  /// example; Fashion-MNIST's as in its users' listings, and measured again by the tests.
  private static func publishedMoments(of name: DatasetName) -> (Float, Float) {
    name == .mnist ? (0.1307, 0.3081) : (0.2860, 0.3530)
  }

  private static func split(
    _ name: DatasetName, _ files: DatasetName.SplitFiles, folder: String
  ) throws(DatasetError) -> ImageSet {
    func path(_ file: String) throws(DatasetError) -> String {
      guard let path = DatasetLocation.path(of: file, in: folder) else {
        throw .incomplete(name, folder: folder, missing: [file])
      }
      return path
    }
    let imagePath = try path(files.images)
    let labelPath = try path(files.labels)
    let labels = try IDXFile(path: labelPath, rank: 1, content: "labels").elements
    let images = try IDXFile(path: imagePath, rank: 3, content: "images")
    let (count, height, width) = (
      images.dimensions[0], images.dimensions[1], images.dimensions[2]
    )
    guard height == 28, width == 28 else {
      throw .file(
        imagePath,
        reason: "images of \(height)×\(width) pixels in place of 28×28; "
          + "put the publisher's \(files.images) there")
    }
    guard count == labels.count else {
      throw .file(
        labelPath,
        reason: "\(labels.count) labels for the \(count) images of \(files.images); "
          + "fetch both files again")
    }
    let classes = name.classes
    if let index = labels.firstIndex(where: { $0 >= classes.count }) {
      throw .file(
        labelPath,
        reason: "label \(labels[index]) of image \(index) is not below \(classes.count); "
          + "put the publisher's \(files.labels) there")
    }
    return ImageSet(
      channels: 1, height: height, width: width, classes: classes, pixels: images.elements,
      labels: labels)
  }
}
