import Architecture
import Datasets
public import Experiments
import TrainingEngine

extension MemoryBudget {
  /// Of running `program`, beside the data set.
  ///
  /// - Parameter loaders: that are there at one time; a training has one of its own while it validates.
  init(_ program: NetworkProgram, loaders: Int = 2) {
    self.init(
      perBatch: program.memory.activations
        + loaders * BatchLoader.slots * program.batch * program.plan.spec.input.count
        * MemoryLayout<Float>.stride,
      fixed: program.memory.parameters + program.memory.scratchpad, batch: program.batch)
  }

  /// Of training `experiment`, beside its data set; compiles its network.
  ///
  /// - Throws: `WorkerError.input` where the network cannot be trained.
  public init(training experiment: Experiment, threads: Int) throws(WorkerError) {
    do {
      self.init(
        try NetworkProgram(
          NetworkPlan(experiment.network), batch: experiment.data.batch, threads: threads,
          state: OptimizerState(
            hasSquares: experiment.optimizer.name == .adamW, hasAverage: experiment.ema != nil)))
    } catch {
      throw .input("\(error)")
    }
  }
}
