import Foundation

/// The limit that a control group sets to the CPU time of its processes, as containers use it.
enum CPUQuota {
  /// CPUs whose time this process's group may use, such as 1.5; nil where there is no limit.
  static func current() -> Double? {
    func contents(_ path: String) -> String? {
      try? String(contentsOfFile: "/sys/fs/cgroup/\(path)", encoding: .utf8)
    }
    if let limit = contents("cpu.max") { return parse(limit) }
    // The first version of control groups.
    guard let quota = contents("cpu/cpu.cfs_quota_us"),
      let period = contents("cpu/cpu.cfs_period_us")
    else { return nil }
    return parse("\(quota) \(period)")
  }

  /// Reads `200000 100000`, microseconds of CPU time in each period; `max` or -1 is no limit.
  static func parse(_ text: String) -> Double? {
    let parts = text.split(whereSeparator: \.isWhitespace).map { Double($0) }
    guard parts.count == 2, let quota = parts[0], let period = parts[1], quota > 0, period > 0
    else { return nil }
    return quota / period
  }
}
