#if LIBFUZZER
  import FuzzTargets
  import Glibc

  /// libFuzzer's driver, which the linker finds in the compiler's runtime.
  @_silgen_name("LLVMFuzzerRunDriver")
  private func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
  ) -> Int32

  enum LibFuzzer {
    /// A C function pointer captures nothing.
    nonisolated(unsafe) private static var target: FuzzTarget?

    /// The target's name as an argument that the driver passes over, but hands on to the processes
    /// that it starts.
    static let option = "--target="

    /// Runs the driver with the arguments behind the target's name.
    static func run(_ target: FuzzTarget) -> Int32 {
      self.target = target
      var count = CommandLine.argc
      var arguments = CommandLine.unsafeArgv
      arguments[1] = strdup(option + target.name)
      return runDriver(&count, &arguments) { bytes, count in
        let input = Array(UnsafeBufferPointer(start: bytes, count: count))
        do throws(FuzzFailure) {
          try LibFuzzer.target?.check(input)
        } catch {
          fatalError("\(error)")
        }
        return 0
      }
    }
  }
#endif
