/// The beginning of an IDX file of unsigned bytes: two zero bytes, the element type (0x08), the number
/// of dimensions, and each dimension as a big-endian 32-bit number (LeCun, "The MNIST database of
/// handwritten digits").
package struct IDXHeader {
  package let dimensions: [Int]

  /// No file of this format is read beyond this many elements.
  static let mostElements = 1 << 28

  /// Bytes of the elements that follow.
  package var elementCount: Int { dimensions.reduce(1, *) }
  /// Bytes of the header and all elements.
  var fileSize: Int { 4 + 4 * dimensions.count + elementCount }

  /// Reads the header of an array of `rank` dimensions; `content` is the word for it in messages,
  /// such as "images".
  init(reading file: inout GzipFile, rank: Int, content: String) throws(DatasetError) {
    let path = file.path
    let magic = try file.read(4)
    guard magic.count == 4, magic[0] == 0, magic[1] == 0, magic[2] == 8, (1...3).contains(magic[3])
    else {
      throw .file(
        path, reason: "not an IDX file of unsigned bytes; put the publisher's \(content) there")
    }
    guard Int(magic[3]) == rank else {
      let found = magic[3] == 1 ? "labels" : magic[3] == 3 ? "images" : "another array"
      throw .file(
        path,
        reason: "holds \(found) (\(magic[3]) dimensions) in place of \(content) (\(rank)); "
          + "put the publisher's \(content) there")
    }
    let header = try file.read(4 * rank)
    guard header.count == 4 * rank else {
      throw .file(path, reason: "truncated in its header; fetch the file again")
    }
    dimensions = (0..<rank).map { axis in
      header[4 * axis..<4 * axis + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    var size = 1
    for dimension in dimensions {
      guard dimension > 0 else {
        throw .file(path, reason: "holds no \(content); fetch the file again")
      }
      // A dimension is below 2³², the size so far at most 2²⁸: the product fits in 64 bits.
      size *= dimension
      guard size <= Self.mostElements else {
        throw .file(
          path,
          reason:
            "its header asks for \(dimensions.map(String.init).joined(separator: "×")) bytes, "
            + "more than the \(Self.mostElements) that are read; fetch the file again")
      }
    }
  }

  /// Reads the header of the file at `path`. Its length is compared with what the header says, and
  /// only where the two disagree is the file read whole, to tell what is wrong.
  package init(path: String, rank: Int, content: String) throws(DatasetError) {
    var file = try GzipFile(path: path)
    try self.init(reading: &file, rank: rank, content: content)
    if GzipFile.contentSize(of: path) != fileSize {
      _ = try IDXFile(path: path, rank: rank, content: content)
    }
  }
}
