public import Architecture
public import EventLog

/// A growth that has taken place in a run.
public struct GrowthRecord: Codable, Hashable, Sendable {
  /// The optimizer step after which the blocks came.
  public var step: Int
  /// Counted from 1, as in `layer1`.
  public var stage: Int
  public var blocks: Int

  public init(step: Int, _ growth: Growth) {
    self.step = step
    (stage, blocks) = (growth.stage, growth.blocks)
  }

  public var growth: Growth { Growth(stage: stage, blocks: blocks) }

  /// The tag of the text in a run's log that holds all of its growths so far.
  public static let tag = "run/growth"

  /// What a text of that tag says; empty for one that is none of ours.
  public static func records(text: String?) -> [GrowthRecord] {
    let records = text.flatMap { JSONText.decode([GrowthRecord].self, from: $0) } ?? []
    return records.count <= ScheduledGrowth.countLimit ? records : []
  }

  public static func text(of records: [GrowthRecord]) -> String { JSONText.encode(records) }
}

extension NetworkSpec {
  /// The network that it has become.
  public func grown(by records: [GrowthRecord]) throws(SpecError) -> NetworkSpec {
    try grown(by: records.map(\.growth))
  }
}

extension RunDirectory {
  /// The last text of a tag in the run's log; nil where it has none.
  ///
  /// - Throws: it cannot be read.
  public func text(_ tag: String) throws(EventLogError) -> String? {
    var latest: String?
    for file in eventFiles() {
      latest = try EventFile.texts(of: file).last { $0.tag == tag }?.text ?? latest
    }
    return latest
  }

  /// What the network of the run's experiment has become.
  ///
  /// - Parameters:
  ///   - history: the run's log, where it has been read; nil to read it.
  ///   - step: what has come by then; nil for all.
  /// - Throws: the log cannot be read, or tells of growths that cannot be.
  public func grown(
    _ spec: NetworkSpec, history: RunHistory? = nil, upTo step: Int? = nil
  ) throws(ExperimentError) -> NetworkSpec {
    do {
      let text = try history.map { $0.text(GrowthRecord.tag) } ?? text(GrowthRecord.tag)
      let records = GrowthRecord.records(text: text)
      return try spec.grown(by: records.filter { $0.step <= step ?? .max })
    } catch let error as SpecError {
      throw ExperimentError(file: path, key: "network.\(error.key)", reason: error.reason)
    } catch {
      throw ExperimentError(reason: "\(error)")
    }
  }
}
