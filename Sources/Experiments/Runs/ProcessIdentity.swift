import Foundation
import Glibc

/// A process as only it can be: numbers are used again, but not with the same start on the same
/// boot.
public struct ProcessIdentity: Codable, Hashable, Sendable {
  public var pid: Int32
  /// Clock ticks from boot to the process's start (field 22 of `/proc/<pid>/stat`).
  public var startTicks: UInt64
  /// `/proc/sys/kernel/random/boot_id`.
  public var bootID: String

  public init(pid: Int32, startTicks: UInt64, bootID: String) {
    self.pid = pid
    self.startTicks = startTicks
    self.bootID = bootID
  }

  /// The process that runs under `pid`; nil if none does, or only its exit status is left of it.
  public init?(pid: Int32) {
    guard pid > 0,
      let line = Self.text(of: "/proc/\(pid)/stat"),
      let boot = Self.text(of: "/proc/sys/kernel/random/boot_id"),
      // The command's name stands in parentheses and may hold anything, parentheses too.
      let nameEnd = line.lastIndex(of: ")")
    else { return nil }
    let fields = line[line.index(after: nameEnd)...].split(separator: " ")
    guard fields.count > 19, !["Z", "X", "x"].contains(fields[0]),
      let startTicks = UInt64(fields[19])
    else { return nil }
    self.init(
      pid: pid, startTicks: startTicks,
      bootID: boot.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  /// This process.
  public static var current: ProcessIdentity? { ProcessIdentity(pid: getpid()) }

  /// Whether the process still runs.
  public var isAlive: Bool { ProcessIdentity(pid: pid) == self }

  enum CodingKeys: String, CodingKey {
    case pid
    case startTicks = "start_ticks"
    case bootID = "boot_id"
  }

  /// The start of a file of `/proc`, which has no size of its own.
  private static func text(of path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(descriptor, &bytes, bytes.count)
    return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
  }
}
