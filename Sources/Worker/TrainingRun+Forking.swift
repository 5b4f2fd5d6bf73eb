import Architecture
import Experiments
import TrainingEngine

/// A training that begins with what another run has learned.
extension TrainingRun {
  /// Takes another run's weights, and keeps them as the first checkpoint: a run that is interrupted
  /// before its second goes on from there.
  func begin(with checkpoint: Checkpoint, of fork: Fork) throws(WorkerError) {
    let adoption: Network.Adoption
    do throws(EngineError) {
      adoption = try network.adopt(checkpoint)
    } catch {
      throw .failed("\(error)")
    }
    let text = try welcome(checkpoint, of: fork, adoption)
    beginning = text
    try recorder.describe("run/control", text, step: lifecycle.step)
    try saveCheckpoint()
  }

  /// What a fork has taken of a checkpoint, as one line. Blocks that it has behind those of the
  /// checkpoint's stages begin as the identity: the run goes on as a deeper one.
  private func welcome(
    _ checkpoint: Checkpoint, of fork: Fork, _ adoption: Network.Adoption
  ) throws(WorkerError) -> String {
    let step = lifecycle.step
    let plan = network.program.plan
    let drawn = Dictionary(grouping: adoption.drawn, by: Self.module)
    let old = Set(checkpoint.weights.names.map(Self.module))
    let deeper = drawn.keys.filter { module in
      guard plan.spec.growthObstacle == nil, module.hasPrefix("layer"),
        let stage = module.split(separator: ".").first
      else { return false }
      // All that there was of the stage is as it was.
      return !old.contains(module) && old.contains("\(stage).0") && drawn["\(stage).0"] == nil
    }.sorted()
    do throws(EngineError) {
      try network.drawIdentity(
        adoption.drawn.filter { deeper.contains(Self.module(of: $0)) }, seed: experiment.seed,
        step: step)
    } catch {
      throw .failed("\(error)")
    }
    let begun = Set(adoption.drawn + adoption.restarted)
    for (module, names) in Dictionary(grouping: plan.parameters.map(\.name), by: Self.module) {
      let isWhole = begun.isSuperset(of: names)
      if isWhole { births[module] = step }
      for name in names where begun.contains(name) { births[name] = isWhole ? nil : step }
    }
    Self.setBirths(births, of: network)

    let directory = RunDirectory(path: fork.run)
    let name = directory.experimentName.map { "\($0)/\(directory.id)" } ?? directory.id
    let other = adoption.drawn.first { !deeper.contains(Self.module(of: $0)) }
    let own = Set(plan.parameters.map(\.name) + plan.buffers.map(\.name))
    let unused = checkpoint.weights.names.filter { !own.contains($0) }
    return "forked from \(name) at step \(checkpoint.position.step), with \(adoption.kept) of "
      + "\(adoption.kept + adoption.drawn.count) tensors"
      + (!deeper.isEmpty ? "; \(deeper.joined(separator: ", ")) begin as the identity" : "")
      + (other.map { "; \($0) is the first that is drawn anew" } ?? "")
      + (unused.first.map { "; \(unused.count) of the run's have no place, \($0) the first" } ?? "")
  }
}
