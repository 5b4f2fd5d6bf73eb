import Foundation
public import Glibc

/// A program on a terminal of its own, whose screen can be looked at and whose keys can be pressed.
///
/// It waits for what is to be seen, never for time to pass.
public final class PseudoTerminal {
  public struct Failure: Error, CustomStringConvertible {
    public let description: String
  }

  public let width: Int
  public let height: Int
  public let process: pid_t
  public private(set) var screen: TerminalScreen
  /// All bytes that the program wrote.
  public private(set) var output: [UInt8] = []
  private var master: Int32
  /// Kept open, so that the terminal's modes can be asked for after the program's end.
  private let slave: Int32
  private let modesBefore: termios
  private var status: Int32?

  private static let env = "/usr/bin/env"
  /// glibc's POSIX_SPAWN_SETSID.
  private static let newSession: Int16 = 0x80
  /// Linux's ioctl requests, as `asm-generic/ioctls.h` has them.
  private enum Request {
    /// TIOCSPTLCK.
    static let setLock: UInt = 0x4004_5431
    /// TIOCGPTN.
    static let number: UInt = 0x8004_5430
  }

  /// Starts `program`, a path, with a session and a controlling terminal of its own.
  ///
  /// `posix_spawn` opens the terminal in the new session, which makes it the controlling one; no
  /// spawner of ours does that.
  public init(
    _ program: String, _ arguments: [String] = [], environment: [String: String], folder: String,
    width: Int = 80, height: Int = 24
  ) throws {
    self.width = width
    self.height = height
    screen = TerminalScreen(width: width, height: height)
    // What posix_openpt, unlockpt and ptsname do, which Swift does not see.
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (locked, number): (Int32, UInt32) = (0, 0)
    guard master >= 0, ioctl(master, Request.setLock, &locked) == 0,
      ioctl(master, Request.number, &number) == 0
    else { throw Failure(description: "no pseudo-terminal: \(String(cString: strerror(errno)))") }
    let name = "/dev/pts/\(number)"
    slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)
    Self.setSize(of: master, width: width, height: height)
    var modes = termios()
    tcgetattr(slave, &modes)
    modesBefore = modes

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Threads of a test runner block signals; a shell's programs start with none blocked.
    var (none, all) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(
      &attributes,
      Self.newSession | Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))

    // env changes the folder and becomes the program.
    var arguments =
      ([Self.env, "--chdir", folder, program] + arguments).map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var started: pid_t = 0
    let code = posix_spawn(&started, Self.env, &actions, &attributes, &arguments, &variables)
    process = started
    guard code == 0 else {
      throw Failure(description: "\(program): \(String(cString: strerror(code)))")
    }
  }

  deinit {
    if status == nil {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    hangUp()
    close(slave)
  }

  /// Types `text`, control characters included.
  public func type(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }

  /// Gives the terminal another size, as a window does that is dragged.
  public func resize(width: Int, height: Int) {
    screen = TerminalScreen(width: width, height: height)
    Self.setSize(of: master, width: width, height: height)
  }

  private static func setSize(of master: Int32, width: Int, height: Int) {
    var size = winsize(
      ws_row: UInt16(height), ws_col: UInt16(width), ws_xpixel: 0, ws_ypixel: 0)
    precondition(ioctl(master, UInt(TIOCSWINSZ), &size) == 0)
  }

  /// Waits until the screen is as `condition` wants it.
  ///
  /// - Throws: `Failure`, with the screen, after `seconds` or when the program has ended.
  public func wait(
    for what: String, seconds: Double = 240, _ condition: (TerminalScreen) -> Bool
  ) throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while !condition(screen) {
      let left = (deadline - ContinuousClock.now) / .seconds(1)
      guard left > 0, read(for: min(left, 0.5)) || status == nil else {
        throw Failure(description: "no \(what) on this screen:\n\(screen.text)")
      }
    }
  }

  /// Waits until the screen shows `text`.
  public func wait(forText text: String, seconds: Double = 240) throws {
    try wait(for: "\"\(text)\"", seconds: seconds) { $0.text.contains(text) }
  }

  /// Waits until the program has ended, and returns its exit code, or 128 and the signal's number.
  public func waitForExit(seconds: Double = 240) throws -> Int32 {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      _ = read(for: 0.05)
      if status == nil {
        var code: Int32 = 0
        if waitpid(process, &code, WNOHANG) == process { status = code }
      }
      if let status {
        while read(for: 0) {}
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
      }
      guard ContinuousClock.now < deadline else {
        throw Failure(description: "it does not end:\n\(screen.text)")
      }
    }
  }

  /// Takes in what the program writes until it has nothing to say for a moment.
  public func drain() { while read(for: 0.01) {} }

  /// Whether the program writes anything within `seconds`.
  public func answers(within seconds: Double = 5) -> Bool { read(for: seconds) }

  /// Whether the program still runs.
  public var isRunning: Bool {
    if status == nil {
      var code: Int32 = 0
      if waitpid(process, &code, WNOHANG) == process { status = code }
    }
    return status == nil
  }

  /// The terminal's modes are what they were before the program started.
  public var hasModesAsBefore: Bool {
    var now = termios()
    guard tcgetattr(slave, &now) == 0 else { return false }
    return now.c_iflag == modesBefore.c_iflag && now.c_oflag == modesBefore.c_oflag
      && now.c_cflag == modesBefore.c_cflag && now.c_lflag == modesBefore.c_lflag
  }

  /// Takes the terminal away, as a closed window or a lost connection does.
  public func hangUp() {
    if master >= 0 { close(master) }
    master = -1
  }

  /// Takes in what the program writes within `seconds`; false if there was nothing.
  private func read(for seconds: Double) -> Bool {
    var descriptor = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    guard poll(&descriptor, 1, Int32(seconds * 1000)) > 0 else { return false }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = Glibc.read(master, &buffer, buffer.count)
    guard count > 0 else { return false }
    output += buffer[..<count]
    screen.feed(buffer[..<count])
    return true
  }
}
