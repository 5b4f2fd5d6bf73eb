import Architecture
import ArgumentParser
import Experiments

/// What a command that takes a SPEC may change of it.
struct NetworkOptions: ParsableArguments {
  @Option(help: "Input as CxHxW such as 3x224x224, in place of the spec's.")
  var input: ImageShape?

  @Option(help: "Number of classes, in place of the spec's.")
  var classes: Int?

  /// The network that `text` names, lowered with these changes.
  func resolve(_ text: String) throws -> NetworkPlan {
    var spec = try SpecReference.resolve(text).spec
    if let input { spec.input = input }
    if let classes { spec.classes = classes }
    do {
      return try NetworkPlan(spec)
    } catch {
      throw Failure.badInput("\(text): network.\(error)")
    }
  }
}
