extension Check {
  /// Whether variables of the environment change how the threads of a training work together.
  static func openMP(environment: [String: String], threads: Int) -> Check {
    func value(_ name: String) -> String? {
      environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
    var variables: [String] = []
    var effects: [String] = []
    func complain(_ variable: String, _ effect: String) {
      variables.append(variable)
      effects.append("\(variable)=\(value(variable) ?? "") \(effect)")
    }
    let busy = "makes waiting threads hold their CPUs: beside other work, all of it crawls"
    if let spins = value("GOMP_SPINCOUNT") {
      // libgomp's own where nothing is set; it counts before OMP_WAIT_POLICY does.
      if spinCount(spins) > 300_000 { complain("GOMP_SPINCOUNT", busy) }
    } else if value("OMP_WAIT_POLICY")?.lowercased() == "active" {
      complain("OMP_WAIT_POLICY", busy)
    }
    if let limit = value("OMP_THREAD_LIMIT").flatMap({ Int($0) }), limit < threads {
      complain("OMP_THREAD_LIMIT", "leaves a training fewer threads than it asks for")
    }
    if value("OMP_DYNAMIC")?.lowercased() == "true" {
      complain("OMP_DYNAMIC", "takes threads away while the machine is busy")
    }
    if let binding = value("OMP_PROC_BIND"), binding.lowercased() != "false" {
      complain("OMP_PROC_BIND", "binds threads to CPUs, the same ones in every training")
    } else if value("GOMP_CPU_AFFINITY") != nil {
      complain("GOMP_CPU_AFFINITY", "binds threads to CPUs, the same ones in every training")
    }
    if !variables.isEmpty {
      return Check(
        "OpenMP", .warning, effects.joined(separator: "; "),
        mend: "unset \(variables.joined(separator: " "))")
    }
    if let number = value("OMP_NUM_THREADS") {
      return Check("OpenMP", .note, "OMP_NUM_THREADS=\(number) has no effect; --threads has")
    }
    return Check("OpenMP", .ok, "no variable changes how threads work together")
  }

  /// A number with libgomp's letters for powers of ten; "infinite" and what is beyond any number.
  private static func spinCount(_ text: String) -> Double {
    let text = text.lowercased()
    if text.hasPrefix("infinit") { return .infinity }
    let digits = text.prefix { $0.isNumber }
    let powers: [Character: Double] = ["k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12]
    return (Double(digits) ?? 0) * (text.last.flatMap { powers[$0] } ?? 1)
  }
}
