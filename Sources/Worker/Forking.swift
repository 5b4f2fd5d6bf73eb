import Architecture
import Experiments
import TrainingEngine

extension Fork {
  /// The checkpoint that the run begins with.
  ///
  /// - Throws: `WorkerError.input` where the other run has none.
  func checkpoint() throws(WorkerError) -> Checkpoint {
    let directory = RunDirectory(path: run)
    guard directory.occupant != nil else { throw .input("\(run): no such run") }
    if let found = Checkpoint.latest(in: directory, upTo: step ?? .max) { return found }
    let steps = Checkpoint.list(in: directory).map { "\($0.step)" }
    guard !steps.isEmpty else { throw .input("\(run): has no checkpoint to begin with") }
    throw .input(
      "\(run): has no checkpoint \(step.map { "at or before step \($0) " } ?? "")that is whole; there are "
        + "those of steps \(steps.joined(separator: ", "))")
  }
}

extension Network {
  /// How much of a checkpoint a network has taken.
  struct Adoption: Equatable {
    /// Trainable tensors that are as they were.
    var kept = 0
    /// Trainable tensors that stay as they were drawn: the checkpoint has none of their name and shape.
    var drawn: [String] = []
    /// Of those that are as they were, the ones with which the optimizer begins anew: the checkpoint has
    /// not all that it keeps for them.
    var restarted: [String] = []
    /// What else the checkpoint does not have: what the optimizer keeps, statistics, averages.
    var absent: [String] = []
  }

  /// Takes from a checkpoint, of this network or of another one, whatever has the name and the shape of
  /// something here: parameters with what the optimizer keeps for them, statistics and averages. All else
  /// stays as it is.
  func adopt(_ checkpoint: Checkpoint) throws(EngineError) -> Adoption {
    var adoption = Adoption()
    for parameter in program.plan.parameters {
      guard let values = checkpoint.trained(parameter.name)?.floats(ofShape: parameter.shape) else {
        adoption.drawn.append(parameter.name)
        continue
      }
      adoption.kept += 1
      try setParameter(parameter.name, values)
      let kept = moments.map { "\(name(of: $0)).\(parameter.name)" }
      let found = kept.map { checkpoint.optimizer[$0]?.floats(ofShape: parameter.shape) }
      if found.contains(nil) {
        adoption.restarted.append(parameter.name)
        adoption.absent += zip(kept, found).filter { $0.1 == nil }.map(\.0)
      } else {
        for case (let moment, let values?) in zip(moments, found) {
          try setMoment(moment, of: parameter.name, values)
        }
      }
    }
    try adoptStatistics(checkpoint.trained, &adoption)
    guard program.state.hasAverage else { return adoption }
    return try withAverage { () throws(EngineError) in
      for parameter in program.plan.parameters {
        let values = checkpoint.weights[parameter.name]?.floats(ofShape: parameter.shape)
        if let values { try setParameter(parameter.name, values) }
      }
      try adoptStatistics({ checkpoint.weights[$0] }, &adoption)
      return adoption
    }
  }

  private func adoptStatistics(
    _ tensor: (String) -> Safetensors.Tensor?, _ adoption: inout Adoption
  ) throws(EngineError) {
    for buffer in program.plan.buffers {
      if let values = tensor(buffer.name)?.floats(ofShape: buffer.shape) {
        try setStatistic(buffer.name, values)
      } else {
        adoption.absent.append(buffer.name)
      }
    }
  }
}

extension Checkpoint {
  /// The weight or statistic that goes on being trained: where averages are the weights, the raw one.
  fileprivate func trained(_ name: String) -> Safetensors.Tensor? {
    optimizer[Network.rawPrefix + name] ?? weights[name]
  }
}

extension Safetensors.Tensor {
  /// Its numbers, if it has this shape and holds F32.
  fileprivate func floats(ofShape wanted: [Int]) -> [Float]? { shape == wanted ? floats : nil }
}
