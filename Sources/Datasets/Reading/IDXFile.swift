/// An array of unsigned bytes in the IDX format: two zero bytes, the element type (0x08), the number
/// of dimensions, each dimension as a big-endian 32-bit number, then the elements in row-major order
/// (LeCun, "The MNIST database of handwritten digits").
struct IDXFile {
  let dimensions: [Int]
  let elements: [UInt8]

  /// No file of this format is read beyond this many elements.
  static let mostElements = 1 << 28

  /// Reads an array of `rank` dimensions, gzip-compressed or plain; `content` is the word for it in
  /// messages, such as "images".
  init(path: String, rank: Int, content: String) throws(DatasetError) {
    var file = try GzipFile(path: path)
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
    let dimensions = (0..<rank).map { axis in
      header[4 * axis..<4 * axis + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    var size = 1
    for dimension in dimensions {
      guard dimension > 0 else {
        throw .file(path, reason: "holds no \(content); fetch the file again")
      }
      // A dimension is below 2³², the size so far at most 2²⁸: the product fits in 64 bits.
      size *= dimension
      guard size <= IDXFile.mostElements else {
        throw .file(
          path,
          reason:
            "its header asks for \(dimensions.map(String.init).joined(separator: "×")) bytes, "
            + "more than the \(IDXFile.mostElements) that are read; fetch the file again")
      }
    }
    elements = try file.read(size)
    guard elements.count == size else {
      throw .file(
        path, reason: "truncated: \(elements.count) of \(size) bytes; fetch the file again")
    }
    guard try file.read(1).isEmpty else {
      throw .file(
        path, reason: "longer than the \(size) bytes its header says; fetch the file again")
    }
    self.dimensions = dimensions
  }
}
