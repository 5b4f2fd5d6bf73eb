import Glibc

/// A target over its corpus and over mutations of it.
public struct FuzzRun {
  /// Seconds after which a process is ended in which an input never comes to an end.
  private static let hangLimit: UInt32 = 60

  public let mutator: Mutator
  /// Mutated inputs, besides the whole corpus.
  public let executions: Int
  /// Seconds of processor time that an input may take.
  public let timeLimit: Double
  /// Megabytes by which the process may grow.
  public let memoryLimit: Int

  public init(
    _ target: FuzzTarget, corpus: [[UInt8]], executions: Int, seed: UInt64, timeLimit: Double = 1,
    memoryLimit: Int = 384
  ) {
    mutator = Mutator(target: target, corpus: corpus, seed: seed)
    self.executions = executions
    self.timeLimit = timeLimit
    self.memoryLimit = memoryLimit
  }

  public struct Report: Sendable, CustomStringConvertible {
    public let executions: Int

    public var description: String {
      "\(FuzzRun.grouped(executions)) executions, peak \(Memory.peakMegabytes) MB"
    }
  }

  /// Numbers below zero are those of the corpus, from its end.
  public func input(_ number: Int) -> [UInt8] {
    number < 0 ? mutator.corpus[mutator.corpus.count + number] : mutator.input(number)
  }

  /// - Throws: the first failure, with the number and the bytes of its input.
  public func run() throws(FuzzFailure) -> Report {
    let before = Memory.peakMegabytes
    var usage = Memory.usageMegabytes
    defer { alarm(0) }
    for number in -mutator.corpus.count..<executions {
      let input = input(number)
      CrashNote.execution = number
      alarm(Self.hangLimit)
      let start = Self.threadSeconds
      do throws(FuzzFailure) {
        try mutator.target.check(input)
        let seconds = Self.threadSeconds - start
        try require(seconds < timeLimit, "\(seconds) s are less than \(timeLimit)")
        // The exact figure takes longer to be had than most inputs.
        if Memory.usageMegabytes > usage || number == executions - 1 {
          usage = Memory.usageMegabytes
          let growth = Memory.peakMegabytes - before
          try require(growth < memoryLimit, "\(growth) MB are less than \(memoryLimit)")
        }
      } catch {
        throw FuzzFailure("execution \(number): \(error)\n\(Self.base64(input))")
      }
    }
    return Report(executions: mutator.corpus.count + executions)
  }

  /// Processor time of this thread: what other tests do in the process does not count.
  public static var threadSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// `50,000`
  private static func grouped(_ number: Int) -> String {
    let digits = Array(String(number))
    return digits.indices.reduce(into: "") { text, index in
      if index > 0 && (digits.count - index).isMultiple(of: 3) { text += "," }
      text.append(digits[index])
    }
  }
}
