public import Architecture
public import EventLog

/// What the forward passes of a run's training take, in multiply-accumulate operations, with the network
/// as it is at each step; the backward passes take twice as much.
public struct TrainingCompute: Sendable, Hashable {
  /// Steps between two growths.
  private struct Part: Hashable {
    /// Steps done before it.
    var start: Int
    var macsBefore: Double
    var macsPerStep: Double
  }

  private var parts: [Part]

  /// - Parameters:
  ///   - spec: the network at the run's beginning.
  ///   - growths: what it has become since, in the order of their steps.
  ///   - batch: images a step.
  ///   - start: steps that are none of the run's own, as a fork's first.
  /// - Throws: a network that cannot be, or cannot be grown so.
  public init(
    _ spec: NetworkSpec, growths: [GrowthRecord] = [], batch: Int, start: Int = 0
  ) throws(SpecError) {
    func part(_ spec: NetworkSpec, start: Int, macsBefore: Double) throws(SpecError) -> Part {
      let macs = Double(try NetworkPlan(spec).total.macs)
      return Part(start: start, macsBefore: macsBefore, macsPerStep: macs * Double(batch))
    }
    parts = [try part(spec, start: start, macsBefore: 0)]
    var spec = spec
    for growth in growths {
      spec = try spec.grown(by: [growth])
      let before = macs(upTo: growth.step)
      parts.append(try part(spec, start: max(start, growth.step), macsBefore: before))
    }
  }

  /// Of a run, as far as its log tells; the steps before the first that it speaks of are a fork's parent's.
  ///
  /// - Returns: nil where its network cannot be, or cannot be grown as the log says.
  public init?(_ experiment: Experiment, _ history: RunHistory) {
    let first = history.series("loss/train")?.first?.step ?? 1
    let growths = GrowthRecord.records(text: history.text(GrowthRecord.tag))
    guard
      let compute = try? TrainingCompute(
        experiment.network, growths: growths, batch: experiment.data.batch, start: first - 1)
    else { return nil }
    self = compute
  }

  /// Up to the end of a step.
  public func macs(upTo step: Int) -> Double {
    let part = parts.last { $0.start <= step } ?? parts[0]
    return part.macsBefore + max(0, Double(step) - Double(part.start)) * part.macsPerStep
  }
}
