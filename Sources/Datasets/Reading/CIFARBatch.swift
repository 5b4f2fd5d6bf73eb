/// A file of CIFAR-10's binary version: records of one byte for the label, then the 32×32 bytes of the
/// red, the green and the blue plane, each row by row (Krizhevsky, "The CIFAR-10 dataset").
struct CIFARBatch {
  static let (channels, side) = (3, 32)
  /// Bytes of one image, and of a label with its image.
  static let imageSize = channels * side * side
  static let recordSize = 1 + imageSize
  /// No file is read beyond this many records, five times the publisher's 10,000.
  static let mostRecords = 50_000
  /// Records that are read at a time.
  private static let chunk = 500

  /// One a record.
  private(set) var labels: [UInt8] = []
  /// N×C×H×W.
  private(set) var pixels: [UInt8] = []

  /// Appends the records of the file at `path`, plain or gzip-compressed; labels are below `classes`.
  mutating func append(_ path: String, classes: Int) throws(DatasetError) {
    var file = try GzipFile(path: path)
    var (count, isAtEnd) = (0, false)
    while !isAtEnd {
      let bytes = try file.read(Self.chunk * Self.recordSize)
      isAtEnd = bytes.count < Self.chunk * Self.recordSize
      guard bytes.count.isMultiple(of: Self.recordSize) else {
        throw .file(
          path,
          reason: "\(count * Self.recordSize + bytes.count) bytes are no whole number of records "
            + "of \(Self.recordSize); fetch the file again")
      }
      for start in stride(from: 0, to: bytes.count, by: Self.recordSize) {
        guard bytes[start] < classes else {
          throw .file(
            path,
            reason: "label \(bytes[start]) of image \(count) is not below \(classes); "
              + "put the publisher's file there")
        }
        guard count < Self.mostRecords else {
          throw .file(
            path,
            reason: "more than the \(Self.mostRecords) images that are read of a file; "
              + "put the publisher's file there")
        }
        labels.append(bytes[start])
        pixels += bytes[start + 1..<start + Self.recordSize]
        count += 1
      }
    }
    guard count > 0 else { throw .file(path, reason: "holds no images; fetch the file again") }
  }

  /// The number of records of the file at `path` by its length; only where that is no whole number of
  /// them is the file read, to tell what is wrong.
  static func count(of path: String, classes: Int) throws(DatasetError) -> Int {
    // A file that cannot be opened says so.
    _ = try GzipFile(path: path)
    if let size = GzipFile.contentSize(of: path), size > 0, size.isMultiple(of: recordSize),
      size / recordSize <= mostRecords
    {
      return size / recordSize
    }
    var batch = CIFARBatch()
    try batch.append(path, classes: classes)
    return batch.labels.count
  }
}
