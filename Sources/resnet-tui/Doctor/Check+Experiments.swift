import Worker

/// What is known of the folder in which experiments are kept.
struct ExperimentsFacts {
  enum Place {
    case folder(runs: Int, isWritable: Bool)
    /// Nothing is there; whether the folder above can hold it.
    case missing(canBeMade: Bool)
    /// A file or something else.
    case notAFolder
  }

  var path: String
  var place: Place
  /// Bytes that are free there; nil where that cannot be told.
  var free: Int?
}

extension Check {
  /// Whether runs can be kept.
  static func experiments(_ facts: ExperimentsFacts) -> Check {
    let name = "experiments"
    let elsewhere = "start it in a folder that you may write to, or name one with --experiments"
    switch facts.place {
    case .notAFolder:
      return Check(
        name, .problem, "\(facts.path) is no folder", mend: "move it away; or \(elsewhere)")
    case .missing(canBeMade: false):
      return Check(
        name, .problem, "\(facts.path) is not there, and cannot be made", mend: elsewhere)
    case .folder(_, isWritable: false):
      return Check(
        name, .problem, "\(facts.path) cannot be written to, so that nothing can be trained",
        mend: elsewhere)
    case .missing: return space(facts, "\(facts.path) (made by the first training)")
    case .folder(let runs, _):
      return space(facts, "\(facts.path), \(runs) \(runs == 1 ? "run" : "runs")")
    }
  }

  /// Two checkpoints of a large network, each with what its optimizer keeps, take about as much.
  private static let leastSpace = 1 << 30

  private static func space(_ facts: ExperimentsFacts, _ found: String) -> Check {
    guard let free = facts.free else { return Check("experiments", .ok, found) }
    let text = "\(found), \(MemoryBudget.text(free)) free"
    guard free < leastSpace else { return Check("experiments", .ok, text) }
    return Check(
      "experiments", .warning, "\(text): little for checkpoints",
      mend: "free some space, or name a folder elsewhere with --experiments")
  }
}
