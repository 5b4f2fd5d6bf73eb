/// Images as they were published: 8 bit, N×C×H×W, with one label each.
public struct ImageSet: Sendable, Equatable {
  /// N.
  public let count: Int
  public let channels, height, width: Int
  /// The name of each class, in the order of its label.
  public let classes: [String]
  /// N×C×H×W.
  public let pixels: [UInt8]
  /// N, each below the number of classes.
  public let labels: [UInt8]

  /// `pixels` holds `labels.count` images of C×H×W, and every label names a class.
  public init(
    channels: Int, height: Int, width: Int, classes: [String], pixels: [UInt8], labels: [UInt8]
  ) {
    precondition(pixels.count == labels.count * channels * height * width)
    precondition(labels.allSatisfy { $0 < classes.count })
    count = labels.count
    self.channels = channels
    self.height = height
    self.width = width
    self.classes = classes
    self.pixels = pixels
    self.labels = labels
  }

  /// Bytes of one image, C×H×W.
  public var imageSize: Int { channels * height * width }

  /// The pixels of one image, C×H×W.
  public subscript(pixelsOf index: Int) -> ArraySlice<UInt8> {
    pixels[index * imageSize..<(index + 1) * imageSize]
  }

  /// The first `n` images, or all where there are fewer: what `data.limit` selects, and PyTorch's
  /// `Subset(set, range(n))`.
  public func prefix(_ n: Int) -> ImageSet {
    n >= count ? self : self[0..<max(0, n)]
  }

  /// A range of the images.
  public subscript(range: Range<Int>) -> ImageSet {
    ImageSet(
      channels: channels, height: height, width: width, classes: classes,
      pixels: Array(pixels[range.lowerBound * imageSize..<range.upperBound * imageSize]),
      labels: Array(labels[range]))
  }

  /// The images at `indices`, in that order.
  public func selecting(_ indices: some Sequence<Int>) -> ImageSet {
    var chosenPixels: [UInt8] = []
    var chosenLabels: [UInt8] = []
    for index in indices {
      chosenPixels += self[pixelsOf: index]
      chosenLabels.append(labels[index])
    }
    return ImageSet(
      channels: channels, height: height, width: width, classes: classes, pixels: chosenPixels,
      labels: chosenLabels)
  }
}
