import Architecture

extension RegNetRule {
  /// Reads `regnet: {depth, w0, wa, wm, group_width, bottleneck_ratio}`; nil if `reader` has none.
  ///
  /// - Throws: a key is missing or of another type, or the rule gives no network.
  init?(_ reader: MappingReader) throws(ExperimentError) {
    let keys = MappingReader.Keys(
      known: ["depth", "w0", "wa", "wm", "group_width", "bottleneck_ratio"])
    guard let rule = try reader.mapping("regnet", keys: keys) else { return nil }
    func required<Value>(_ key: String, _ value: Value?) throws(ExperimentError) -> Value {
      guard let value else { throw rule.error(key, "is missing; the rule needs it.") }
      return value
    }
    self.init(
      depth: try required("depth", try rule.integer("depth")),
      w0: try required("w0", try rule.integer("w0")),
      wa: try required("wa", try rule.number("wa")),
      wm: try required("wm", try rule.number("wm")),
      groupWidth: try required("group_width", try rule.integer("group_width")),
      bottleneckRatio: try rule.number("bottleneck_ratio") ?? 1)
    if let problem { throw rule.error(problem.key, problem.reason) }
  }
}
