import Architecture
import Experiments
import TrainingEngine

/// Blocks are added to the network while it is trained. They begin as the identity: what the network
/// computes stays as it is, and so do the parameters that there are and what the optimizer keeps for
/// them.
extension TrainingRun {
  // MARK: While it goes on

  /// Adds the blocks that come at the end of the epoch that has just ended.
  func growAsPlanned() throws(WorkerError) {
    let epoch = lifecycle.step / lifecycle.stepsPerEpoch
    for planned in experiment.grow where planned.epoch == epoch { _ = try grow(planned.growth) }
  }

  /// Adds blocks now, and has the log say so.
  ///
  /// - Returns: what was done, as one line.
  /// - Throws: `WorkerError.input` or `.memory` where that cannot be, the training being as it was.
  func grow(_ growth: Growth) throws(WorkerError) -> String {
    meter.beginPause(at: clock.monotonic())
    defer { meter.endPause(at: clock.monotonic()) }
    let record = GrowthRecord(step: lifecycle.step, growth)
    let before = network.program.plan
    let (grown, added) = try self.grown(by: record)
    network = grown
    growths.append(record)
    let plan = grown.program.plan
    let news = NetworkGrowth(
      step: lifecycle.step, blocks: Self.blocks(of: added), parameters: plan.total.parameters,
      parametersBefore: before.total.parameters, macs: plan.total.macs,
      macsBefore: before.total.macs)
    try recorder.describe(
      GrowthRecord.tag, GrowthRecord.text(of: growths), step: lifecycle.step)
    try recorder.describe("run/layers", JSONText.encode(plan), step: lifecycle.step)
    try recorder.describe("run/control", ProgressText.line(news), step: lifecycle.step)
    progress.grew(news)
    return ProgressText.line(news)
  }

  /// The network with more blocks and all of the training's state, and the names of the parameters that
  /// it did not have.
  private func grown(
    by record: GrowthRecord
  ) throws(WorkerError) -> (network: Network, added: [String]) {
    guard growths.count < ScheduledGrowth.countLimit else {
      throw .input("a run grows \(ScheduledGrowth.countLimit) times at most")
    }
    let plan: NetworkPlan
    do throws(SpecError) {
      plan = try NetworkPlan(network.program.plan.spec.grown(by: [record.growth]))
    } catch {
      throw .input("network.\(error)")
    }
    let grown: Network
    do throws(WorkerError) {
      grown = try Self.compile(plan, experiment, options)
    } catch .memory(let text) {
      throw .memory("\(text); the network before it is in memory too while it grows")
    }
    do {
      let added = try grown.adopt(network.checkpoint(at: position(logLength: 0))).drawn
      try grown.drawIdentity(added, seed: experiment.seed, step: record.step)
      for module in Set(added.map(Self.module)) { births[module] = record.step }
      // A fork may have kept those of tensors that are there again.
      for name in added { births[name] = nil }
      Self.setBirths(births, of: grown)
      return (grown, added)
    } catch {
      throw .failed("\(error)")
    }
  }

  /// Has the optimizer know when it began with modules or tensors.
  static func setBirths(_ births: [String: Int], of network: Network) {
    guard !births.isEmpty else { return }
    for parameter in network.program.plan.parameters {
      if let step = births[parameter.name] ?? births[module(of: parameter.name)] {
        network.setBirth(step, of: [parameter.name])
      }
    }
  }

  /// What a parameter belongs to: a block such as `layer3.2`, or a module outside of blocks.
  static func module(of parameter: String) -> String {
    let parts = parameter.split(separator: ".")
    return parts.prefix(parts.first?.hasPrefix("layer") == true ? 2 : 1).joined(separator: ".")
  }

  /// The blocks that some parameters stand in, each once.
  private static func blocks(of parameters: [String]) -> [String] {
    parameters.map(module).reduce(into: []) { blocks, block in
      if blocks.last != block { blocks.append(block) }
    }
  }

  // MARK: Before it begins

  /// What is planned has to be possible: in time, and in memory beside the network that grows.
  ///
  /// - Parameter program: of the network as it begins.
  static func checkGrowth(
    of program: NetworkProgram, _ experiment: Experiment, _ lifecycle: RunLifecycle,
    _ options: Options
  ) throws(WorkerError) {
    if case .forked = options.start,
      let index = experiment.grow.firstIndex(where: {
        $0.epoch * lifecycle.stepsPerEpoch <= lifecycle.step
      })
    {
      throw .input(
        "grow[\(index)].epoch: \(experiment.grow[index].epoch) ends at or before step \(lifecycle.step), "
          + "after which the fork begins; remove it")
    }
    try check(
      coming(experiment, lifecycle), of: program, available: MemoryBudget.available())
  }

  /// What is planned stays possible behind a growth that is asked for.
  func checkPlan(behind growth: Growth) throws(WorkerError) {
    let program = network.program
    let coming = Self.coming(experiment, lifecycle)
    meter.beginPause(at: clock.monotonic())
    defer { meter.endPause(at: clock.monotonic()) }
    // What cannot be in itself is told without the plan.
    guard !coming.isEmpty, let spec = try? program.plan.spec.grown(by: [growth]),
      (try? NetworkPlan(spec)) != nil
    else { return }
    do throws(WorkerError) {
      guard growths.count + 1 + coming.count <= ScheduledGrowth.countLimit else {
        throw .input("a run grows \(ScheduledGrowth.countLimit) times at most")
      }
      // By then it will have given way to a larger one.
      let available = MemoryBudget.available().map { $0 + program.memory.total }
      try Self.check([growth] + coming, of: program, available: available)
    } catch .input(let text), .memory(let text) {
      throw .input("what the experiment plans would not be possible behind it: \(text)")
    }
  }

  /// What is planned and has not come yet.
  private static func coming(_ experiment: Experiment, _ lifecycle: RunLifecycle) -> [Growth] {
    experiment.grow.filter { $0.epoch * lifecycle.stepsPerEpoch > lifecycle.step }.map(\.growth)
  }

  /// Growths of a network, one after another: the last one takes the most memory, with the network before
  /// it.
  ///
  /// - Parameter available: memory beside the networks.
  private static func check(
    _ growths: [Growth], of program: NetworkProgram, available: Int?
  ) throws(WorkerError) {
    guard !growths.isEmpty else { return }
    func grown(by growths: [Growth]) throws(WorkerError) -> NetworkProgram {
      guard !growths.isEmpty else { return program }
      do {
        return try NetworkProgram(
          NetworkPlan(program.plan.spec.grown(by: growths)), batch: program.batch,
          threads: program.threads, convolution: program.convolution,
          precision: program.precision, state: program.state)
      } catch let error as SpecError {
        throw .input("grow: network.\(error)")
      } catch {
        throw .input("grow: \(error)")
      }
    }
    let last = try grown(by: growths)
    let before = try grown(by: growths.dropLast())
    do throws(WorkerError) {
      try MemoryBudget(last).check(available: available.map { max(0, $0 - before.memory.total) })
    } catch .memory(let text) {
      throw .memory("grow: with all of its blocks \(text)")
    }
  }
}
