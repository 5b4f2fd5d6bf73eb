import Yams

/// Reads the values of one mapping whose keys are known.
package struct MappingReader {
  /// The keys of a kind of mapping.
  package struct Keys {
    package let known: [String]
  }

  let file: String
  /// Path of the mapping, empty for the root.
  let path: String
  private let line: Int?
  private let entries: [String: (line: Int?, value: Node)]

  /// - Throws: `node` is no mapping, or has a key that is not among `keys`.
  init(_ node: Node, path: String, file: String, keys: Keys) throws(ExperimentError) {
    self.file = file
    self.path = path
    line = node.mark?.line
    guard case .mapping(let mapping) = node else {
      throw ExperimentError(
        file: file, line: node.mark?.line, key: path.isEmpty ? nil : path,
        reason: "must be a mapping of keys to values, not \(ScalarText.shown(node)).")
    }
    var entries: [String: (line: Int?, value: Node)] = [:]
    for (key, value) in mapping {
      guard let name = key.scalar?.string, keys.known.contains(name) else {
        throw Self.unknown(key, keys: keys, path: path, file: file)
      }
      entries[name] = (key.mark?.line, value)
    }
    self.entries = entries
  }

  private static func unknown(
    _ key: Node, keys: Keys, path: String, file: String
  ) -> ExperimentError {
    let shown = ScalarText.shown(key)
    let place = path.isEmpty ? shown : "\(path).\(shown)"
    func error(_ reason: String) -> ExperimentError {
      ExperimentError(file: file, line: key.mark?.line, key: place, reason: reason)
    }
    guard let name = key.scalar?.string else { return error("keys must be plain words.") }
    if let near = NearestName.suggestion(for: name, among: keys.known) {
      return error("is not a known key; did you mean \(near)?")
    }
    return error("is not a known key; the keys here are \(keys.known.joined(separator: ", ")).")
  }

  // MARK: Values

  func has(_ key: String) -> Bool { entries[key] != nil }

  /// Whether `key` stands here with a value other than null.
  func hasValue(_ key: String) -> Bool { node(key) != nil }

  func keyPath(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  func error(_ key: String, _ reason: String) -> ExperimentError {
    ExperimentError(file: file, line: entries[key]?.line ?? line, key: keyPath(key), reason: reason)
  }

  /// The value of `key`; nil if the key is missing or null.
  func node(_ key: String) -> Node? {
    guard let value = entries[key]?.value, !ScalarText.isNull(value) else { return nil }
    return value
  }

  private func mismatch(_ key: String, _ node: Node, _ wanted: String) -> ExperimentError {
    error(key, "must be \(wanted), not \(ScalarText.shown(node)).")
  }

  /// The value that `convert` makes of the key's node; nil if the key is missing or null.
  private func value<Value>(
    _ key: String, wanted: String, _ convert: (Node) -> Value?
  ) throws(ExperimentError) -> Value? {
    guard let node = node(key) else { return nil }
    guard let value = convert(node) else { throw mismatch(key, node, wanted) }
    return value
  }

  func text(_ key: String) throws(ExperimentError) -> String? {
    try value(key, wanted: "text") { $0.scalar?.string }
  }

  func boolean(_ key: String) throws(ExperimentError) -> Bool? {
    try value(key, wanted: "true or false", ScalarText.boolean)
  }

  func integer<Number: FixedWidthInteger>(
    _ key: String, in range: ClosedRange<Number>
  ) throws(ExperimentError) -> Number? {
    let wanted = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    return try value(key, wanted: wanted) { node in
      ScalarText.integer(node, as: Number.self).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// A whole number whose range another check knows.
  func integer(_ key: String) throws(ExperimentError) -> Int? {
    try value(key, wanted: "a whole number") { ScalarText.integer($0, as: Int.self) }
  }

  /// `wanted` says the range in words, such as `a number from 0 to 1`.
  func number(
    _ key: String, wanted: String = "a number", where isSound: (Double) -> Bool = { _ in true }
  ) throws(ExperimentError) -> Double? {
    try value(key, wanted: wanted) { node in
      ScalarText.number(node).flatMap { isSound($0) ? $0 : nil }
    }
  }

  /// A list of `count` numbers.
  func numbers(
    _ key: String, count: Int, wanted: String, where isSound: (Double) -> Bool
  ) throws(ExperimentError) -> [Double]? {
    try value(key, wanted: wanted) { node in
      guard case .sequence(let items) = node, items.count == count else { return nil }
      let numbers = items.compactMap { ScalarText.number($0) }.filter(isSound)
      return numbers.count == count ? numbers : nil
    }
  }

  /// One of an enumeration's spellings.
  func choice<Value: RawRepresentable<String> & CaseIterable>(
    _ key: String, as: Value.Type
  ) throws(ExperimentError) -> Value? {
    guard let node = node(key) else { return nil }
    return try choice(key, node)
  }

  /// A list of an enumeration's spellings, each at most once.
  func choices<Value: RawRepresentable<String> & CaseIterable & Hashable>(
    _ key: String, as: Value.Type
  ) throws(ExperimentError) -> [Value]? {
    guard let items = try list(key, most: Value.allCases.count) else { return nil }
    var values: [Value] = []
    for item in items {
      let value: Value = try choice(key, item)
      if values.contains(value) {
        throw error(key, "\(value.rawValue) stands twice; remove one of them.")
      }
      values.append(value)
    }
    return values
  }

  private func choice<Value: RawRepresentable<String> & CaseIterable>(
    _ key: String, _ node: Node
  ) throws(ExperimentError) -> Value {
    let names = Value.allCases.map(\.rawValue)
    let wanted = names.count == 1 ? names[0] : "one of \(names.joined(separator: ", "))"
    guard let name = node.scalar?.string else { throw mismatch(key, node, wanted) }
    if let value = Value(rawValue: name) { return value }
    let near = NearestName.suggestion(for: name, among: names).map { " Did you mean \($0)?" }
    let mismatch = mismatch(key, node, wanted)
    throw error(key, mismatch.reason + (near ?? ""))
  }

  /// The items of a list of at most `most`.
  func list(_ key: String, most: Int) throws(ExperimentError) -> [Node]? {
    guard let node = node(key) else { return nil }
    guard case .sequence(let sequence) = node else { throw mismatch(key, node, "a list") }
    guard sequence.count <= most else {
      throw error(key, "has \(sequence.count) items; \(most) are the most.")
    }
    return Array(sequence)
  }

  /// The keys and values of the mapping under `key`, whose keys may be any words, of which there may be
  /// `most`; in their order.
  func pairs(
    _ key: String, most: Int
  ) throws(ExperimentError) -> [(key: String, value: Node)]? {
    guard let node = node(key) else { return nil }
    guard case .mapping(let mapping) = node else {
      throw mismatch(key, node, "a mapping of keys to values")
    }
    guard mapping.count <= most else {
      throw error(key, "has \(mapping.count) keys; \(most) are the most.")
    }
    var pairs: [(key: String, value: Node)] = []
    for (name, value) in mapping {
      guard let name = name.scalar?.string else {
        throw error(key, "its keys must be plain words, not \(ScalarText.shown(name)).")
      }
      pairs.append((name, value))
    }
    return pairs
  }

  /// The mapping under `key`.
  func mapping(_ key: String, keys: Keys) throws(ExperimentError) -> MappingReader? {
    guard let node = node(key) else { return nil }
    return try MappingReader(node, path: keyPath(key), file: file, keys: keys)
  }
}
