import Glibc

/// Says of a process that a parser brings down at which execution that was.
public enum CrashNote {
  /// The execution that is under way.
  nonisolated(unsafe) static var execution = 0

  /// From now on a fatal signal writes the note, and ends the process as it would have.
  public static func install() {
    for signal in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGALRM] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { signal in
        CrashNote.write()
        Glibc.signal(signal, SIG_DFL)
        raise(signal)
      }
      action.sa_flags = Int32(bitPattern: UInt32(SA_NODEFER))
      sigaction(signal, &action, nil)
    }
  }

  /// Nothing here takes memory: what there is may be what has broken.
  private static func write() {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { digits in
      var rest = execution.magnitude
      var index = digits.count
      repeat {
        index -= 1
        digits[index] = UInt8(ascii: "0") + UInt8(rest % 10)
        rest /= 10
      } while rest > 0
      if execution < 0 {
        index -= 1
        digits[index] = UInt8(ascii: "-")
      }
      let text: StaticString = "\ncrashed in execution "
      Glibc.write(2, text.utf8Start, text.utf8CodeUnitCount)
      Glibc.write(2, digits.baseAddress! + index, digits.count - index)
      Glibc.write(2, "\n", 1)
    }
  }
}
