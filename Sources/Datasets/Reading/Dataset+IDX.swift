extension Dataset {
  /// Reads the IDX files of `name` from `folder`.
  static func idx(
    _ name: DatasetName, train: DatasetFiles.IDXPair, test: DatasetFiles.IDXPair, folder: String
  ) throws(DatasetError) -> Dataset {
    let (mean, standardDeviation) = publishedMoments(of: name)
    return Dataset(
      name: name, train: try split(name, train, folder: folder),
      test: try split(name, test, folder: folder), mean: [mean],
      standardDeviation: [standardDeviation])
  }

  /// Mean and standard deviation of the training pixels on 0..1: MNIST's as in PyTorch's `mnist`
  /// example; Fashion-MNIST's as in its users' listings, and measured again by the tests.
  private static func publishedMoments(of name: DatasetName) -> (Float, Float) {
    name == .mnist ? (0.1307, 0.3081) : (0.2860, 0.3530)
  }

  private static func split(
    _ name: DatasetName, _ files: DatasetFiles.IDXPair, folder: String
  ) throws(DatasetError) -> ImageSet {
    let paths = try files.paths(of: name, in: folder)
    let labels = try IDXFile(path: paths.labels, rank: 1, content: "labels")
    let images = try IDXFile(path: paths.images, rank: 3, content: "images")
    _ = try files.imageCount(images: images.header, labels: labels.header, paths: paths)
    let classes = name.classes
    if let index = labels.elements.firstIndex(where: { $0 >= classes.count }) {
      throw .file(
        paths.labels,
        reason: "label \(labels.elements[index]) of image \(index) is not below \(classes.count); "
          + "put the publisher's \(files.labels) there")
    }
    return ImageSet(
      channels: 1, height: images.header.dimensions[1], width: images.header.dimensions[2],
      classes: classes, pixels: images.elements, labels: labels.elements)
  }
}

extension DatasetFiles.IDXPair {
  /// Where the files are.
  func paths(
    of name: DatasetName, in folder: String
  ) throws(DatasetError) -> (images: String, labels: String) {
    (
      try name.requiredPath(of: images, in: folder), try name.requiredPath(of: labels, in: folder)
    )
  }

  /// The number of images, where the two files go together.
  func imageCount(
    images header: IDXHeader, labels labelHeader: IDXHeader,
    paths: (images: String, labels: String)
  ) throws(DatasetError) -> Int {
    let (count, height, width) = (
      header.dimensions[0], header.dimensions[1], header.dimensions[2]
    )
    guard height == 28, width == 28 else {
      throw .file(
        paths.images,
        reason: "images of \(height)×\(width) pixels in place of 28×28; "
          + "put the publisher's \(images) there")
    }
    let labelCount = labelHeader.dimensions[0]
    guard count == labelCount else {
      throw .file(
        paths.labels,
        reason: "\(labelCount) labels for the \(count) images of \(images); "
          + "fetch both files again")
    }
    return count
  }
}
