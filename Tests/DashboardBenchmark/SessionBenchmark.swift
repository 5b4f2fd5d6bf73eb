import Cells
import Foundation
import Glibc
import PseudoTerminal

/// The built program on a pseudo-terminal: how soon it shows itself, how soon a key is on the screen
/// while a worker trains on all cores, and what it takes while nothing happens.
enum SessionBenchmark {
  private static let environment = ["TERM": "xterm-256color", "LANG": "C.UTF-8"]
  private static let keys = 400
  /// Seconds over which the idle program is watched.
  private static let idle = 20.0

  static func run() throws -> Bool {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("resnet-tui-session-\(getpid())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try [firstFrame(folder), keyToScreen(folder), rest(folder)].allSatisfy { $0 }
  }

  private static func start(_ folder: String) throws -> PseudoTerminal {
    // Beside this program; `swift build` builds both.
    let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appendingPathComponent("resnet-tui").path
    return try PseudoTerminal(
      program, [], environment: environment, folder: folder, width: 120, height: 40)
  }

  private static func firstFrame(_ folder: String) throws -> Bool {
    var timing = Timing()
    for _ in 0..<20 {
      var terminal: PseudoTerminal?
      try timing.measure {
        terminal = try start(folder)
        try terminal?.wait(forText: "1 composer")
      }
      terminal?.type("q")
      _ = try terminal?.waitForExit()
    }
    return timing.report("first frame after the start, at 120x40", bound: 50)
  }

  private static func keyToScreen(_ folder: String) throws -> Bool {
    let terminal = try start(folder)
    try terminal.wait(forText: "no run yet")
    terminal.type("t")
    try terminal.wait(forText: "running")
    terminal.type("1")
    // The blocks of the first stage go from 2 to 3 and back.
    terminal.type(String(repeating: "j", count: 7))
    try terminal.wait(forText: "‹2›")
    var timing = Timing()
    for key in 0..<keys {
      let (bytes, text) = key.isMultiple(of: 2) ? ("l", "‹3›") : ("h", "‹2›")
      try timing.measure {
        terminal.type(bytes)
        try terminal.wait(forText: text)
      }
    }
    terminal.type("x")
    try terminal.wait(forText: "Stop experiments")
    terminal.type("\r")
    try terminal.wait(forText: "stopped")
    terminal.type("q")
    _ = try terminal.waitForExit()
    let isWithin = timing.report("key to screen while a worker trains on all cores", bound: 16)
    return isWithin && timing.quantile(0.99) <= 16 * 1.5
  }

  /// Beside a run that has ended.
  private static func rest(_ folder: String) throws -> Bool {
    let terminal = try start(folder)
    try terminal.wait(forText: "stopped")
    terminal.drain()
    let before = try cpuSeconds(of: terminal.process)
    let clock = ContinuousClock()
    let start = clock.now
    // What it writes meanwhile is taken, or it would wait.
    while (clock.now - start) / .seconds(1) < idle {
      terminal.drain()
      usleep(50_000)
    }
    let share = (try cpuSeconds(of: terminal.process) - before) / idle
    terminal.type("q")
    _ = try terminal.waitForExit()
    print("idle dashboard: \(NumberText.percent(share, decimals: 2)) of a core; wanted below 0.5 %")
    return share <= 0.0075
  }

  /// User and system time so far.
  private static func cpuSeconds(of process: pid_t) throws -> Double {
    let line = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
    let fields = line[line.index(after: line.lastIndex(of: ")")!)...].split(separator: " ")
    let ticks = (Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0)
    return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}
