/// What is known of the library that computes.
struct LibraryFacts {
  /// Such as `2.6.3`.
  var version: String
  /// What its kernels use on this CPU, such as `AVX2`.
  var instructionSet: String
  /// Channels that are computed at a time.
  var channelBlock: Int
  /// Variables of the environment by their names.
  var environment: [String: String] = [:]
}

extension Check {
  /// Whether the library is one that the program works with, and how much of the CPU it uses.
  static func oneDNN(_ facts: LibraryFacts) -> Check {
    let name = "oneDNN"
    guard isSupported(facts.version) else {
      return Check(
        name, .problem, "\(facts.version), which the program is not made for",
        mend: "install oneDNN 2.6 or later, or 3.x, and build again")
    }
    let found =
      "\(facts.version), \(facts.instructionSet), \(facts.channelBlock) channels at a time"
    if let (variable, value) = limit(in: facts.environment) {
      return Check(
        name, .warning, "\(found); \(variable)=\(value) keeps it from using all that the CPU has",
        mend: "unset \(variable)")
    }
    guard !["generic", "SSE4.1", "AVX"].contains(facts.instructionSet) else {
      return Check(
        name, .warning, "\(found): much slower than on a CPU with AVX2",
        mend: "train on a CPU with AVX2; to a virtual machine, pass the host's CPU through")
    }
    return Check(name, .ok, found + (facts.channelBlock < 16 ? " (with AVX-512: 16)" : ""))
  }

  /// From 2.6 on.
  private static func isSupported(_ version: String) -> Bool {
    let numbers = version.split(separator: ".").compactMap { Int($0) }
    guard numbers.count >= 2 else { return false }
    return (numbers[0], numbers[1]) >= (2, 6)
  }

  /// The variable that makes oneDNN use less than the CPU has, and its value.
  private static func limit(
    in environment: [String: String]
  ) -> (variable: String, value: String)? {
    for variable in ["ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA"] {
      guard let value = environment[variable], !value.isEmpty else { continue }
      return ["all", "default"].contains(value.lowercased()) ? nil : (variable, value)
    }
    return nil
  }

  /// Whether the CPU multiplies bfloat16 faster than float32.
  static func bfloat16(isFast: Bool) -> Check {
    isFast
      ? Check("bfloat16", .ok, "multiplied by AMX")
      : Check(
        "bfloat16", .note,
        "no AMX, which multiplies it: bf16 saves memory, but hardly any time over fp32")
  }
}
