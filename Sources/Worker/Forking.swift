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
    /// The first layers whose tensors are drawn anew: they are of another shape, or were not there.
    var drawn: [String] = []
  }

  /// Takes from a checkpoint, of this network or of another one, whatever has the name and the shape of
  /// something here: parameters with what the optimizer keeps for them, statistics and averages. All else
  /// stays as it is.
  func adopt(_ checkpoint: Checkpoint) throws(EngineError) -> Adoption {
    var raw: [String: Safetensors.Tensor] = [:]
    for name in checkpoint.weights.names {
      raw[name] = checkpoint.optimizer[Self.rawPrefix + name] ?? checkpoint.weights[name]
    }
    var adoption = Adoption()
    for parameter in program.plan.parameters {
      guard let values = raw[parameter.name]?.floats(ofShape: parameter.shape) else {
        adoption.drawn.append(parameter.name)
        continue
      }
      adoption.kept += 1
      try setParameter(parameter.name, values)
      for moment in moments {
        let name = "\(name(of: moment)).\(parameter.name)"
        if let values = checkpoint.optimizer[name]?.floats(ofShape: parameter.shape) {
          try setMoment(moment, of: parameter.name, values)
        }
      }
    }
    try adoptStatistics(raw)
    guard program.state.hasAverage else { return adoption }
    var averages: [String: Safetensors.Tensor] = [:]
    for name in checkpoint.weights.names { averages[name] = checkpoint.weights[name] }
    try withAverage { () throws(EngineError) in
      for parameter in program.plan.parameters {
        if let values = averages[parameter.name]?.floats(ofShape: parameter.shape) {
          try setParameter(parameter.name, values)
        }
      }
      try adoptStatistics(averages)
    }
    return adoption
  }

  private func adoptStatistics(
    _ tensors: [String: Safetensors.Tensor]
  ) throws(EngineError) {
    for buffer in program.plan.buffers {
      if let values = tensors[buffer.name]?.floats(ofShape: buffer.shape) {
        try setStatistic(buffer.name, values)
      }
    }
  }
}

extension Safetensors.Tensor {
  /// Its numbers, if it has this shape and holds F32.
  fileprivate func floats(ofShape wanted: [Int]) -> [Float]? { shape == wanted ? floats : nil }
}
