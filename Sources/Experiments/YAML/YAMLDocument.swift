import Yams

/// A YAML text as a tree of nodes with lines. What could make a small text a large tree, or a
/// parser's work more than linear, is refused: aliases, texts over 1 MiB, keys inside of keys, and (by
/// libyaml) nesting deeper than 1000.
struct YAMLDocument {
  /// Bytes of the longest text that is read.
  static let sizeLimit = 1 << 20
  /// Most question marks that may begin a key. Only such a key can be long, and it is compared whole
  /// with those beside it, at every level of keys that it stands in.
  private static let longKeyLimit = 8

  /// For messages.
  let file: String
  let root: Node

  init(_ text: String, file: String) throws(ExperimentError) {
    self.file = file
    guard text.utf8.count <= Self.sizeLimit else {
      throw ExperimentError(
        file: file, reason: "is \(text.utf8.count) bytes long; \(Self.sizeLimit) are the most.")
    }
    if let alias = Self.firstAlias(in: text) {
      throw ExperimentError(
        file: file, line: alias.line,
        reason: "aliases such as *\(alias.name) are not read; write the value out.")
    }
    guard Self.longKeyCount(in: text) <= Self.longKeyLimit else {
      throw ExperimentError(
        file: file, reason: "has too many keys behind question marks; keys must be plain words.")
    }
    let node: Node?
    do {
      node = try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
    } catch let error as YamlError {
      throw ExperimentError(yaml: error, file: file)
    } catch {
      throw ExperimentError(file: file, reason: "is not YAML: \(error).")
    }
    guard let node, !ScalarText.isNull(node) else {
      throw ExperimentError(file: file, reason: "is empty; see `experiments/` for examples.")
    }
    root = node
  }

  /// A tree that is there already.
  init(_ root: Node, file: String) {
    self.root = root
    self.file = file
  }

  /// The text of the file at `path`.
  static func text(of path: String) throws(ExperimentError) -> String {
    let bytes: [UInt8]
    do {
      bytes = try BoundedFile.read(path, limit: sizeLimit)
    } catch {
      throw ExperimentError(file: path, reason: error.reason)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ExperimentError(file: path, reason: "is not UTF-8 text; save it as UTF-8.")
    }
    // A byte order mark is no part of the text.
    return text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
  }

  /// The first `*name` that follows an `&name`: anchors alone do no harm, and prose seldom has both.
  private static func firstAlias(in text: String) -> (name: String, line: Int)? {
    func isNameByte(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
    let bytes = Array(text.utf8)
    var anchors: Set<ArraySlice<UInt8>> = []
    var line = 1
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == UInt8(ascii: "\n") { line += 1 }
      guard byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*") else { continue }
      let name = bytes[index...].prefix(while: isNameByte)
      index = name.endIndex
      if name.isEmpty { continue }
      if byte == UInt8(ascii: "&") {
        anchors.insert(name)
      } else if anchors.contains(name) {
        return (ScalarText.shortened(String(decoding: name, as: UTF8.self)), line)
      }
    }
    return nil
  }

  /// Question marks that do not follow a word.
  private static func longKeyCount(in text: String) -> Int {
    var count = 0
    var previous = UInt8(ascii: " ")
    for byte in text.utf8 {
      if byte == UInt8(ascii: "?"), previous <= 0x20 || "[{,:?".utf8.contains(previous) {
        count += 1
      }
      previous = byte
    }
    return count
  }

  /// The line of the value at a path such as `network.stages[1].channels`, or of the nearest thing
  /// around it that the document holds.
  func line(of path: String) -> Int? {
    var node = root
    var line = root.mark?.line
    for step in path.split(whereSeparator: { $0 == "." || $0 == "[" || $0 == "]" }) {
      switch node {
      case .mapping(let mapping):
        guard let pair = mapping.first(where: { $0.key.scalar?.string == String(step) }) else {
          return line
        }
        line = pair.key.mark?.line ?? line
        node = pair.value
      case .sequence(let sequence):
        guard let index = Int(step), sequence.indices.contains(index) else { return line }
        node = sequence[index]
        line = node.mark?.line ?? line
      default: return line
      }
    }
    return line
  }
}

extension ExperimentError {
  /// A parser's error as one line.
  fileprivate init(yaml error: YamlError, file: String) {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      self.init(file: file, line: mark.line, reason: "is not YAML here: \(problem).")
    case .duplicatedKeysInMapping(let keys, let context):
      let key = ScalarText.shortened(keys.first ?? "")
      self.init(
        file: file, line: context.mark.line,
        reason: "\(key) stands twice in one mapping; remove one of them.")
    case .reader(let problem, _, _, _):
      self.init(file: file, reason: "is not YAML: \(problem).")
    default:
      self.init(file: file, reason: "is not YAML.")
    }
  }
}
