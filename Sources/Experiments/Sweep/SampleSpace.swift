import Architecture
import Foundation
import Randomness
import Yams

/// A space of experiments from which samples are drawn, uniformly in each setting, and kept where the
/// network's costs are wanted ones (a design space, Radosavovic et al. 2020, arXiv:2003.13678, §3.1).
struct SampleSpace {
  private let samples: Int
  private let seed: UInt64
  private let settings: [(key: String, values: Values)]
  private let accept: [(cost: Cost, range: ClosedRange<Double>)]
  private let reader: MappingReader
  private let limits: Sweep.Limits

  /// What a setting can be.
  enum Values {
    case list([Node])
    /// Multiples of `step` away from the first.
    case whole(ClosedRange<Int>, step: Int, isLogarithmic: Bool)
    case real(ClosedRange<Double>, isLogarithmic: Bool)
  }

  /// What a network is chosen by.
  enum Cost: String, CaseIterable {
    case parameters, macs, activations, stages, blocks

    func of(_ plan: NetworkPlan) -> Int {
      switch self {
      case .parameters: plan.total.parameters
      case .macs: plan.total.macs
      case .activations: plan.total.activations
      case .stages: plan.spec.stages.count
      case .blocks: plan.spec.stages.reduce(0) { $0 + $1.blocks }
      }
    }
  }

  private enum Scale: String, CaseIterable { case linear, log }

  /// Reads `random: {samples, seed, space, accept}`; nil if `sweep` has none.
  init?(_ sweep: MappingReader, limits: Sweep.Limits) throws(ExperimentError) {
    let keys = MappingReader.Keys(known: ["samples", "seed", "space", "accept"])
    guard let reader = try sweep.mapping("random", keys: keys) else { return nil }
    self.reader = reader
    self.limits = limits
    guard let samples = try reader.integer("samples", in: 1...limits.runs) else {
      throw reader.error("samples", "is missing; give the number of runs.")
    }
    self.samples = samples
    seed = try reader.integer("seed", in: 0...Experiment.seedLimit) ?? 0
    guard let space = try reader.pairs("space", most: Sweep.keyLimit), !space.isEmpty else {
      throw reader.error("space", "is missing; give keys with the values that they can have.")
    }
    var settings: [(key: String, values: Values)] = []
    for (key, node) in space { settings.append((key, try Self.values(node, of: key, in: reader))) }
    self.settings = settings
    var accept: [(cost: Cost, range: ClosedRange<Double>)] = []
    if let costs = try reader.mapping(
      "accept", keys: MappingReader.Keys(known: Cost.allCases.map(\.rawValue)))
    {
      for cost in Cost.allCases where costs.hasValue(cost.rawValue) {
        let bounds = MappingReader.Keys(known: ["min", "max"])
        guard let range = try costs.mapping(cost.rawValue, keys: bounds) else { continue }
        let least = try range.number("min") ?? 0
        let most = try range.number("max") ?? .greatestFiniteMagnitude
        guard least <= most else { throw range.error("max", "must not be below min.") }
        accept.append((cost, least...most))
      }
    }
    self.accept = accept
  }

  private static let order =
    "must have a min, above 0 for scale: log, that is not above its max."

  private static func values(
    _ node: Node, of key: String, in reader: MappingReader
  ) throws(ExperimentError) -> Values {
    func error(_ reason: String) -> ExperimentError {
      reader.error("space", "\(ScalarText.shortened(key)) \(reason)")
    }
    if case .sequence(let list) = node {
      guard !list.isEmpty else { throw error("has no values; give at least one.") }
      return .list(Array(list))
    }
    let range = try MappingReader(
      node, path: "\(reader.keyPath("space")).\(key)", file: reader.file,
      keys: MappingReader.Keys(known: ["min", "max", "step", "scale"]))
    guard let least = range.node("min"), let most = range.node("max") else {
      throw error("must be a list of values, or have min and max.")
    }
    let isLogarithmic = try range.choice("scale", as: Scale.self) == .log
    if let least = ScalarText.integer(least, as: Int.self),
      let most = ScalarText.integer(most, as: Int.self)
    {
      let limit = 1 << 40
      guard -limit...limit ~= least, -limit...limit ~= most else {
        throw error("has a min or max beyond \(limit).")
      }
      guard least <= most, !isLogarithmic || least > 0 else { throw error(Self.order) }
      return .whole(
        least...most, step: try range.integer("step", in: 1...limit) ?? 1,
        isLogarithmic: isLogarithmic)
    }
    guard let least = ScalarText.number(least), let most = ScalarText.number(most),
      (most - least).isFinite, !isLogarithmic || (most / least).isFinite || least <= 0
    else {
      throw error(
        "must have numbers for min and max, and no more between them than a number holds.")
    }
    guard least <= most, !isLogarithmic || least > 0 else { throw error(Self.order) }
    guard !range.hasValue("step") else { throw error("has a step, which is for whole numbers.") }
    return .real(least...most, isLogarithmic: isLogarithmic)
  }

  /// The samples, called by their numbers. Each has draws of its own: more samples leave the first as
  /// they are.
  ///
  /// - Throws: too few of the draws are sound experiments of the wanted costs.
  func samples(of variation: Variation) throws(ExperimentError) -> [Sweep.Start] {
    var found: [Sweep.Start] = []
    for sample in 0..<samples {
      let number = "\(sample + 1)"
      let id = "sample-" + String(repeating: "0", count: max(0, 3 - number.count)) + number
      found.append(Sweep.Start(id: id, changes: try self.sample(sample, id: id, of: variation)))
    }
    return found
  }

  private func sample(
    _ sample: Int, id: String, of variation: Variation
  ) throws(ExperimentError) -> [Sweep.Change] {
    var unreadable: ExperimentError?
    var unsound: ExperimentError?
    var readable = 0
    for attempt in 0..<limits.draws {
      var generator = Philox(seed: seed, purpose: "sweep", UInt64(sample), UInt64(attempt))
      let changes = settings.map {
        Sweep.Change(key: $0.key, value: Self.draw($0.values, &generator))
      }
      let experiment: Experiment
      do throws(ExperimentError) {
        experiment = try variation.experiment(with: changes, for: id)
      } catch {
        unreadable = error
        continue
      }
      readable += 1
      if let problem = experiment.problems.first {
        unsound = problem
      } else if isWanted(experiment.network) {
        return changes
      }
    }
    // A key that is no place in the experiment is wrong in every draw.
    if readable == 0, let unreadable { throw unreadable }
    let reason = (unsound ?? unreadable).map { ", or, as the last that cannot be, \($0)" } ?? ""
    throw reader.error(
      accept.isEmpty ? "space" : "accept",
      "none of \(limits.draws) draws for \(id) has the wanted costs\(reason); widen it.")
  }

  private func isWanted(_ spec: NetworkSpec) -> Bool {
    guard let plan = try? NetworkPlan(spec) else { return false }
    return accept.allSatisfy { $0.range.contains(Double($0.cost.of(plan))) }
  }

  private static func draw(_ values: Values, _ generator: inout Philox) -> Node {
    switch values {
    case .list(let nodes): return nodes[Int(generator.uniform() * Double(nodes.count))]
    case .whole(let range, let step, let isLogarithmic):
      let steps = (range.upperBound - range.lowerBound) / step
      if isLogarithmic {
        let value = draw(
          Double(range.lowerBound)...Double(range.upperBound), isLogarithmic: true, &generator)
        let nearest = ((value - Double(range.lowerBound)) / Double(step)).rounded()
        return .plain(range.lowerBound + min(steps, Int(nearest)) * step)
      }
      return .plain(range.lowerBound + Int(generator.uniform() * Double(steps + 1)) * step)
    case .real(let range, let isLogarithmic):
      let value = draw(range, isLogarithmic: isLogarithmic, &generator)
      // As many digits as anybody would write.
      let short = Double(String(format: "%.4g", value)) ?? value
      return .number(range.contains(short) ? short : value)
    }
  }

  private static func draw(
    _ range: ClosedRange<Double>, isLogarithmic: Bool, _ generator: inout Philox
  ) -> Double {
    let (least, most) = (range.lowerBound, range.upperBound)
    return isLogarithmic
      ? least * pow(most / least, generator.uniform())
      : least + (most - least) * generator.uniform()
  }
}
