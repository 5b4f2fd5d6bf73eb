import Glibc
import Synchronization

/// The last of SIGINT and SIGTERM that arrived; 0 for none. Written by a signal handler.
private let arrived = Atomic<Int32>(0)

/// Turns the signals that ask a worker to stop into a value that it looks at between two steps.
public enum StopSignals {
  /// Takes SIGINT and SIGTERM over, and outlives the terminal: SIGHUP is ignored.
  ///
  /// A second Ctrl-C ends the process at once, without a checkpoint.
  public static func install() {
    arrived.store(0, ordering: .relaxed)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { arrived.store($0, ordering: .relaxed) }
    action.sa_flags = SA_RESTART
    sigaction(SIGTERM, &action, nil)
    action.sa_flags |= Int32(bitPattern: UInt32(SA_RESETHAND))
    sigaction(SIGINT, &action, nil)
    signal(SIGHUP, SIG_IGN)
  }

  /// The signal that arrived since `install`; 0 for none.
  public static func current() -> Int32 { arrived.load(ordering: .relaxed) }
}
