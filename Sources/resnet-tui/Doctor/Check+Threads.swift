/// What is known of the CPUs that a training may use.
struct ThreadFacts {
  /// Threads that a training computes with unless it is told otherwise.
  var threads: Int
  /// CPUs of the machine.
  var processors: Int
  /// CPUs whose time the control group may use, such as 1.5; nil where it is not limited.
  var quota: Double?
}

extension Check {
  /// How many threads a training computes with, and whether there is a CPU for each.
  static func threads(_ facts: ThreadFacts) -> Check {
    let found =
      "\(facts.threads), one for each CPU that this process may use"
      + (facts.processors > facts.threads ? ", of \(facts.processors)" : "")
    guard let quota = facts.quota, quota < Double(facts.threads) else {
      return Check("threads", .ok, found)
    }
    let fitting = max(1, Int(quota))
    let cpus = fitting == 1 ? "0" : "0-\(fitting - 1)"
    return Check(
      "threads", .warning,
      "\(found); but the container's limit is the time of \(text(quota)), so that they stall",
      mend: "start it as 'taskset -c \(cpus) resnet-tui', or train with --threads \(fitting)")
  }

  private static func text(_ quota: Double) -> String {
    let tenths = Int((quota * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }
}
