/// A tar archive in POSIX's ustar format, plain or gzip-compressed, that is read from its start: 512 bytes
/// of header and then the content of each entry, filled up to whole blocks.
struct TarArchive: ~Copyable {
  private var file: GzipFile
  /// Bytes of the entries that have been passed.
  private var passed = 0

  private static let block = 512
  /// No archive is read beyond this many bytes of entries.
  private static let most = 1 << 30

  init(path: String) throws(DatasetError) {
    file = try GzipFile(path: path)
  }

  /// The next regular file of the archive that `sizes` names, with its content; nil at the archive's end.
  /// Everything else is passed over.
  ///
  /// - Parameter sizes: bytes of the files that are wanted, by their paths in the archive.
  mutating func next(of sizes: [String: Int]) throws(DatasetError) -> (path: String, [UInt8])? {
    while let header = try nextHeader() {
      let padding = (Self.block - header.size % Self.block) % Self.block
      guard header.isRegular, let wanted = sizes[header.path] else {
        try skip(header.size + padding)
        continue
      }
      guard header.size == wanted else {
        throw damage("\(header.path) has \(header.size) bytes in place of \(wanted)")
      }
      let bytes = try file.read(header.size)
      guard bytes.count == header.size else { throw damage("it ends within \(header.path)") }
      try skip(padding)
      return (header.path, bytes)
    }
    return nil
  }

  private struct Header {
    let path: String
    let size: Int
    let isRegular: Bool
  }

  /// nil at the end: a block of zeros, or no block any more.
  private mutating func nextHeader() throws(DatasetError) -> Header? {
    let bytes = try file.read(Self.block)
    guard bytes.contains(where: { $0 != 0 }) else { return nil }
    guard bytes.count == Self.block else { throw damage("it ends within a header") }
    // The sum of the header's bytes, its own eight taken as spaces.
    let sum = bytes.indices.reduce(0) { $0 + (148..<156 ~= $1 ? 32 : Int(bytes[$1])) }
    guard number(bytes[148..<156]) == sum, let size = number(bytes[124..<136]) else {
      throw damage("a header is not tar's")
    }
    passed += Self.block + size
    guard size <= Self.most, passed <= Self.most else {
      throw damage("more than the \(Self.most) bytes that are read")
    }
    func text(_ field: Range<Int>) -> String {
      String(decoding: bytes[field].prefix { $0 != 0 }, as: UTF8.self)
    }
    let folder = bytes[257..<262].elementsEqual("ustar".utf8) ? text(345..<500) : ""
    let path = (folder.isEmpty ? "" : folder + "/") + text(0..<100)
    return Header(
      path: path.hasPrefix("./") ? String(path.dropFirst(2)) : path, size: size,
      isRegular: bytes[156] == 0 || bytes[156] == UInt8(ascii: "0"))
  }

  /// A number in octal digits, at most 33 bits of them.
  private func number(_ field: ArraySlice<UInt8>) -> Int? {
    let digits = field.drop { $0 == UInt8(ascii: " ") }.prefix { 0x30...0x37 ~= $0 }
    return digits.isEmpty || digits.count > 11
      ? nil : digits.reduce(0) { $0 << 3 | Int($1 - 0x30) }
  }

  private mutating func skip(_ count: Int) throws(DatasetError) {
    var rest = count
    while rest > 0 {
      let bytes = try file.read(min(rest, 1 << 20))
      guard !bytes.isEmpty else { throw damage("it ends early") }
      rest -= bytes.count
    }
  }

  private func damage(_ what: String) -> DatasetError {
    .file(file.path, reason: "damaged archive: \(what); fetch the file again")
  }
}
