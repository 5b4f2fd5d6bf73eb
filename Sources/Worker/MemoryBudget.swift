import Foundation

/// What a training needs and what the machine has, in bytes.
public struct MemoryBudget: Sendable {
  /// Grows with the batch: activations, their gradients, the loader's buffers.
  var perBatch: Int
  /// Does not: parameters with gradients and velocities, scratch memory.
  var fixed: Int
  var batch: Int

  public var needed: Int { perBatch + fixed }

  /// The largest power of two below the batch that would fit into `available`; nil if none does.
  func fittingBatch(available: Int) -> Int? {
    var candidate = 1
    while candidate * 2 < batch { candidate *= 2 }
    while candidate >= 1 {
      // A little slack: part of the memory grows in steps.
      let estimate = Double(perBatch) / Double(batch) * Double(candidate) * 1.05 + Double(fixed)
      if estimate <= Double(available) { return candidate }
      candidate /= 2
    }
    return nil
  }

  /// What makes it fit into `available`, for a batch that is set by `batchSetting`; nil where it does.
  public func remedy(available: Int, batchSetting: String = "data.batch") -> String? {
    guard needed > available else { return nil }
    return if let smaller = fittingBatch(available: available) {
      "set \(batchSetting) to \(smaller) or less"
    } else {
      "choose a smaller network, a smaller input or data.limit"
    }
  }

  /// - Parameter batchSetting: what the user sets the batch with.
  /// - Throws: `WorkerError.memory` if it does not fit.
  func check(available: Int?, batchSetting: String = "data.batch") throws(WorkerError) {
    guard let available, let remedy = remedy(available: available, batchSetting: batchSetting)
    else { return }
    throw .memory(
      "this needs \(Self.text(needed)) of memory and the machine has "
        + "\(Self.text(available)) free: \(remedy)")
  }

  /// A number of bytes in megabytes or gigabytes, powers of two.
  public static func text(_ bytes: Int) -> String {
    bytes < 1 << 30
      ? String(format: "%.0f MB", Double(bytes) / 0x1p20)
      : String(format: "%.1f GB", Double(bytes) / 0x1p30)
  }

  /// Bytes that a new process could use: what the kernel calls available, or what is left of the
  /// control group's limit if that is less; nil where neither can be read.
  public static func available() -> Int? {
    let free = number("MemAvailable:", in: contents("/proc/meminfo")).map { $0 << 10 }
    let group = groupRoom(
      limit: contents("/sys/fs/cgroup/memory.max"), used: contents("/sys/fs/cgroup/memory.current"),
      statistics: contents("/sys/fs/cgroup/memory.stat"))
    return [free, group].compactMap { $0 }.min()
  }

  /// Bytes that a control group leaves, as the kernel's files tell; nil where they set no limit. What
  /// files take of its memory gives way.
  static func groupRoom(limit: String?, used: String?, statistics: String?) -> Int? {
    guard let limit = limit.flatMap(number), let used = used.flatMap(number) else { return nil }
    return max(0, limit - used + (number("inactive_file", in: statistics) ?? 0))
  }

  /// The first number in the line of a table that begins with `key`.
  static func number(_ key: String, in table: String?) -> Int? {
    guard let line = table?.split(separator: "\n").first(where: { $0.hasPrefix("\(key) ") }) else {
      return nil
    }
    return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }
  }

  private static func contents(_ path: String) -> String? {
    try? String(contentsOfFile: path, encoding: .utf8)
  }

  private static func number(_ text: String) -> Int? {
    Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
  }
}
