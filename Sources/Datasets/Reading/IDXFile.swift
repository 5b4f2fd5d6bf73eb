/// An array of unsigned bytes in the IDX format: a header, then the elements in row-major order.
package struct IDXFile {
  package let header: IDXHeader
  package let elements: [UInt8]

  /// Reads an array of `rank` dimensions, gzip-compressed or plain; `content` is the word for it in
  /// messages, such as "images".
  package init(path: String, rank: Int, content: String) throws(DatasetError) {
    var file = try GzipFile(path: path)
    header = try IDXHeader(reading: &file, rank: rank, content: content)
    let size = header.elementCount
    elements = try file.read(size)
    guard elements.count == size else {
      throw .file(
        path, reason: "truncated: \(elements.count) of \(size) bytes; fetch the file again")
    }
    guard try file.read(1).isEmpty else {
      throw .file(
        path, reason: "longer than the \(size) bytes its header says; fetch the file again")
    }
  }
}
