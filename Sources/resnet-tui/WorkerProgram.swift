import Foundation
import Subprocess
import SystemPackage

/// How this program starts itself as a worker.
enum WorkerProgram {
  /// Last bytes that are kept of what a worker says on standard error.
  private static let errorLimit = 4 << 10

  /// How a worker ended.
  enum Outcome: Sendable {
    /// It came to its end, or was asked to stop.
    case ended
    /// It has said why, in one line, and ended with this code.
    case failed(String, code: Int32)
    case killed(signal: Int32)
  }

  /// Runs a worker to its end. If this process ends first, the worker goes on; if the task is cancelled, it
  /// is asked to stop and waited for.
  ///
  /// - Parameters:
  ///   - text: for the worker to read as `inputPath`.
  ///   - began: called when there is a process.
  /// - Throws: there is no process.
  static func run(
    _ arguments: [String], input text: String = "", began: @escaping @Sendable () -> Void = {}
  ) async throws -> Outcome {
    var options = PlatformOptions()
    // Away from the terminal: neither its keys nor its hang-up reach the worker.
    options.createSession = true
    options.teardownSequence = [
      .send(signal: .terminate, allowedDurationToNextStep: .seconds(stopSeconds))
    ]
    let result = try await Subprocess.run(
      .path(FilePath(path)), arguments: Arguments(arguments), environment: environment,
      platformOptions: options,
      input: .fileDescriptor(try Self.input(text), closeAfterSpawningProcess: true),
      output: .discarded, error: .sequence
    ) { execution in
      began()
      var tail: [UInt8] = []
      for try await buffer in execution.standardError {
        buffer.withUnsafeBytes { tail.append(contentsOf: $0) }
        tail.removeFirst(max(0, tail.count - errorLimit))
      }
      return String(decoding: tail, as: UTF8.self)
    }
    switch result.terminationStatus {
    // One that was asked to stop has said so in its status.
    case .exited(let code) where [0, 130, 143].contains(code): return .ended
    case .signaled(let signal): return .killed(signal: signal)
    case .exited(let code):
      let text = result.closureResult.split(separator: "\n").last.map(String.init)
      let prefix = "resnet-tui: "
      let reason = text.map { $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : $0 }
      return .failed(
        reason ?? "the training ended with \(result.terminationStatus)", code: code)
    }
  }

  /// What the worker can name as a file to read its input.
  static let inputPath = "/dev/stdin"

  /// A file with this text and without a name: it is gone with those who have it open, however they end.
  private static func input(_ text: String) throws -> FileDescriptor {
    guard !text.isEmpty else { return try FileDescriptor.open("/dev/null", .readOnly) }
    let count = text.utf8.count
    if let stream = tmpfile() {
      defer { fclose(stream) }
      if fwrite(text, 1, count, stream) == count, fflush(stream) == 0 {
        rewind(stream)
        let descriptor = fcntl(fileno(stream), F_DUPFD_CLOEXEC, 0)
        if descriptor >= 0 { return FileDescriptor(rawValue: descriptor) }
      }
    }
    throw Failure.failed(
      "a worker's experiment cannot be put into the temporary folder: \(Errno(rawValue: errno))")
  }

  /// Seconds that a worker has for its step and its checkpoint.
  private static let stopSeconds = 600

  /// Its threads wait for each other actively for a moment only, unless the user says otherwise: beside
  /// another program that computes, the customary milliseconds of it stall both.
  private static var environment: Environment {
    let own = Surroundings.environment
    let isChosen = own["GOMP_SPINCOUNT"] != nil || own["OMP_WAIT_POLICY"] != nil
    return isChosen ? .inherit : .inherit.updating(["GOMP_SPINCOUNT": "10000"])
  }

  /// This program's file; the kernel's name for it where the file has been replaced since.
  private static var path: String {
    let link = "/proc/self/exe"
    let path = try? FileManager.default.destinationOfSymbolicLink(atPath: link)
    return path.flatMap { FileManager.default.isExecutableFile(atPath: $0) ? $0 : nil } ?? link
  }
}
