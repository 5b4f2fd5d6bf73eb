import Foundation

/// The CPU that computes. oneDNN's kernels divide their work by its caches, so that a training repeats
/// bit for bit on a processor of the same kind only, whatever instructions two of them share.
enum Processor {
  /// Such as `Intel(R) Xeon(R) Processor, family 6, model 207`; nil where the system does not say.
  static var name: String? {
    (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)).flatMap(name(in:))
  }

  /// Of the first processor in a text as `/proc/cpuinfo` has it. A hypervisor may hide what tells the
  /// models of a name apart, hence the numbers.
  static func name(in cpuinfo: String) -> String? {
    var values: [Substring: String] = [:]
    for line in cpuinfo.split(separator: "\n") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let key = line[..<colon].prefix { $0 != "\t" }
      values[key] = values[key] ?? line[colon...].dropFirst().trimmingCharacters(in: .whitespaces)
    }
    guard let name = values["model name"] else { return nil }
    let numbers = [("family", values["cpu family"]), ("model", values["model"])]
    return ([name] + numbers.compactMap { key, value in value.map { "\(key) \($0)" } })
      .joined(separator: ", ")
  }
}
