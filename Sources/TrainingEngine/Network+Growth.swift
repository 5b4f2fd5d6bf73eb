import Architecture
import Randomness

/// Parameters that come into a network while it is trained.
extension Network {
  /// Draws parameters such that their blocks are the identity: the last of a branch are zeros.
  ///
  /// - Parameters:
  ///   - names: by their state_dict names.
  ///   - step: the update after which they come; each step has draws of its own.
  public func drawIdentity(_ names: [String], seed: UInt64, step: Int) throws(EngineError) {
    let names = Set(names)
    for (index, parameter) in program.plan.identityParameters.enumerated()
    where names.contains(parameter.name) {
      var generator = Philox(seed: seed, purpose: "grow", UInt64(step), UInt64(index))
      let values = parameter.initializer.draw(parameter.count, &generator)
      try setParameter(parameter.name, values)
      if program.state.hasAverage {
        try withAverage { () throws(EngineError) in try setParameter(parameter.name, values) }
      }
    }
  }

  /// Has the optimizer count a parameter's updates from `step` on, as if it had begun there.
  public func setBirth(_ step: Int, of names: [String]) {
    for name in names { parameters.setBirth(step, of: name) }
  }
}
