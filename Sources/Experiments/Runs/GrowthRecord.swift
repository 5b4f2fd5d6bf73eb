public import Architecture
import EventLog

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
  /// The growths that the run's log tells of.
  ///
  /// - Throws: it cannot be read.
  func growths() throws(EventLogError) -> [GrowthRecord] {
    var latest: String?
    for file in eventFiles() {
      var reader = EventLogReader(path: file)
      var isAtEnd = false
      while !isAtEnd {
        let poll = try reader.poll()
        isAtEnd = poll.isAtEnd
        for case .text(GrowthRecord.tag, let text) in poll.events.flatMap(\.values) {
          latest = text
        }
      }
    }
    return GrowthRecord.records(text: latest)
  }

  /// What the network of the run's experiment has become.
  ///
  /// - Throws: the log cannot be read, or tells of growths that cannot be.
  public func grown(_ spec: NetworkSpec) throws(ExperimentError) -> NetworkSpec {
    do {
      return try spec.grown(by: growths())
    } catch let error as SpecError {
      throw ExperimentError(file: path, key: "network.\(error.key)", reason: error.reason)
    } catch {
      throw ExperimentError(reason: "\(error)")
    }
  }
}
