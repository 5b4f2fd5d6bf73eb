import Foundation

extension Safetensors {
  /// The reference reader's bound on the header.
  static let headerLimit = 100_000_000
  /// Bytes of the longest file that is read.
  static let fileLimit = 16 << 30

  /// One tensor's entry in the header.
  private struct Entry: Codable {
    var dtype: String
    var shape: [Int]
    var dataOffsets: [Int]

    enum CodingKeys: String, CodingKey {
      case dtype, shape
      case dataOffsets = "data_offsets"
    }
  }

  /// The header: tensors, and the metadata under a name of its own.
  private struct Header: Decodable {
    var metadata: [String: String] = [:]
    var entries: [(name: String, entry: Entry)] = []
    var nameCount: Int

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Name.self)
      nameCount = container.allKeys.count
      for key in container.allKeys {
        if key.stringValue == Name.metadata.stringValue {
          metadata = try container.decode([String: String].self, forKey: key)
        } else {
          entries.append((key.stringValue, try container.decode(Entry.self, forKey: key)))
        }
      }
    }

    struct Name: CodingKey {
      static let metadata = Name(stringValue: "__metadata__")
      var stringValue: String
      var intValue: Int? { nil }

      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }
  }

  // MARK: Reading

  public static func read(_ path: String) throws(FileError) -> Safetensors {
    try Safetensors(bytes: BoundedFile.read(path, limit: fileLimit), file: path)
  }

  /// Reads the bytes of a file; `file` is for messages. Tensors must fill the file without gap or
  /// overlap, as the reference reader demands.
  public init(bytes: [UInt8], file: String) throws(FileError) {
    func error(_ reason: String) -> FileError {
      FileError(path: file, reason: "\(reason); fetch or write the file anew.")
    }
    guard bytes.count >= 8 else { throw error("is too short for a safetensors file") }
    let length = bytes[0..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= Self.headerLimit, Int(length) <= bytes.count - 8 else {
      throw error("is no safetensors file, or is cut off: its header would have \(length) bytes")
    }
    let start = 8 + Int(length)
    guard bytes[8..<start].first == UInt8(ascii: "{"),
      let header = try? JSONDecoder().decode(Header.self, from: Data(bytes[8..<start]))
    else { throw error("has no readable safetensors header") }
    guard header.nameCount == Self.writtenNameCount(bytes[8..<start]) else {
      throw error("has a name in its header twice")
    }

    let data = bytes[start...]
    let entries = header.entries.sorted {
      $0.entry.dataOffsets.lexicographicallyPrecedes($1.entry.dataOffsets)
        || ($0.entry.dataOffsets == $1.entry.dataOffsets && $0.name < $1.name)
    }
    var tensors: [String: Tensor] = [:]
    var end = 0
    for (name, entry) in entries {
      let shown = ScalarText.shortened(name)
      guard let elementType = ElementType(rawValue: entry.dtype) else {
        throw FileError(
          path: file,
          reason: "\(shown) has elements of type \(ScalarText.shortened(entry.dtype)); "
            + "convert them to F32.")
      }
      guard entry.dataOffsets.count == 2, entry.dataOffsets[0] == end,
        entry.dataOffsets[1] >= end, entry.dataOffsets[1] <= data.count
      else { throw error("\(shown) does not lie in the file's data where the one before it ends") }
      guard Self.byteCount(entry.shape, elementType) == entry.dataOffsets[1] - end else {
        throw error("\(shown) has not the length that its shape asks for")
      }
      let range = start + end..<start + entry.dataOffsets[1]
      tensors[name] = Tensor(
        elementType: elementType, shape: entry.shape, bytes: Array(bytes[range]))
      end = entry.dataOffsets[1]
    }
    guard end == data.count else {
      throw error("has \(data.count) bytes of data where its header speaks of \(end)")
    }
    self.init(tensors, metadata: header.metadata)
  }

  /// Names in a JSON object, each as often as it is written: of those that are alike a decoder keeps one.
  private static func writtenNameCount(_ object: ArraySlice<UInt8>) -> Int {
    var (count, depth, isText, isEscaped) = (0, 0, false, false)
    for byte in object {
      switch byte {
      case _ where isEscaped: isEscaped = false
      case UInt8(ascii: "\\") where isText: isEscaped = true
      case UInt8(ascii: "\""): isText.toggle()
      case _ where isText: break
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: ":") where depth == 1: count += 1
      default: break
      }
    }
    return count
  }

  /// Bytes of a tensor; nil for a shape that is none.
  private static func byteCount(_ shape: [Int], _ elementType: ElementType) -> Int? {
    var count = elementType.byteCount
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflow else { return nil }
      count = product
    }
    return count
  }

  // MARK: Writing

  /// The file's bytes: wider elements first, then by name, as the reference writer orders them.
  public func bytes() -> [UInt8] {
    let ordered =
      names.filter { self[$0]!.elementType == .int64 }
      + names.filter { self[$0]!.elementType == .float32 }
    var fields: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      let texts = pairs.map { "\(Self.quoted($0.key)):\(Self.quoted($0.value))" }
      fields.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
    }
    var offset = 0
    for name in ordered {
      let tensor = self[name]!
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      let end = offset + tensor.bytes.count
      fields.append(
        "\(Self.quoted(name)):{\"dtype\":\"\(tensor.elementType.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var header = Array("{\(fields.joined(separator: ","))}".utf8)
    header += Array(repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)

    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + offset)
    for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: header.count >> (8 * shift))) }
    bytes += header
    for name in ordered { bytes += self[name]!.bytes }
    return bytes
  }

  /// Writes the file whole or not at all, to a place that the user has named.
  public func write(to path: String) throws(FileError) {
    try AtomicFile.deliver(bytes(), to: path)
  }

  /// `text` as a JSON string.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\u{0}"..<"\u{20}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
