import Worker

extension Check {
  /// Whether the experiment that the session opens with has room, by the rule that `train` goes by.
  ///
  /// - Parameters:
  ///   - budget: what that experiment needs, or why that cannot be told.
  ///   - available: bytes; nil where the system does not tell.
  static func memory(_ budget: Result<MemoryBudget, WorkerError>, available: Int?) -> Check {
    let name = "memory"
    switch budget {
    case .failure(let error):
      return Check(name, .problem, "the first experiment cannot be compiled: \(error)")
    case .success(let budget):
      let needed = "the first experiment takes \(MemoryBudget.text(budget.needed))"
      guard let available else {
        return Check(name, .note, "the system does not tell what is available; \(needed)")
      }
      let found = "\(MemoryBudget.text(available)) available; \(needed)"
      guard let remedy = budget.remedy(available: available) else {
        return Check(name, .ok, found)
      }
      return Check(
        name, .problem, found, mend: "end other programs or raise the container's limit; \(remedy)")
    }
  }
}
