import Subprocess

/// The program that transfers files, in a process of its own: a library for it would have to be loaded at
/// every start of this one. Its output comes through a pipe, so that not a byte more is kept than is wanted.
struct Curl {
  /// Its name, looked up in `PATH`.
  var program: String
  /// Seconds after which a connection that is not there, or one on which nothing comes, is given up.
  var connectLimit, stallLimit: Int

  /// How a transfer ended.
  struct End: Equatable {
    /// curl's exit code; nil where a signal ended it.
    var code: Int32?
    /// The last answer's status; 0 before one.
    var status: Int
    /// What curl says of it, without its name and code.
    var message: String
  }

  /// Most bytes of messages; a program that says more is none that is known here.
  private static let messageLimit = 64 << 10

  /// Gives what is at `url`, from byte `offset` on, to `sink`. Where that throws, the transfer ends.
  ///
  /// - Parameter limit: bytes; a file that is announced as longer is not begun.
  func transfer(
    _ url: String, from offset: Int, limit: Int,
    into sink: (UnsafeRawBufferPointer) throws -> Void
  ) async throws -> End {
    var options = PlatformOptions()
    // Away from the terminal: its Ctrl-C is for this program, which then ends the transfer.
    options.createSession = true
    let result = try await Subprocess.run(
      .name(program), arguments: Arguments(arguments(url, from: offset, limit: limit)),
      platformOptions: options, input: .none, output: .sequence,
      error: .string(limit: Self.messageLimit)
    ) { execution in
      for try await buffer in execution.standardOutput {
        try buffer.withUnsafeBytes { try sink($0) }
      }
      // A cancelled task sees the output's end.
      try Task.checkCancellation()
    }
    let code: Int32? = if case .exited(let code) = result.terminationStatus { code } else { nil }
    return Self.end(code: code, error: result.standardError)
  }

  func arguments(_ url: String, from offset: Int, limit: Int) -> [String] {
    var arguments = [
      // First: no settings of the user's, as of where output goes.
      "--disable", "--silent", "--show-error", "--fail", "--globoff",
      // What has come is told at once, to the last byte.
      "--no-buffer", "--output", "-",
      // Status 22 of curl leaves open whether it is worth another attempt.
      "--write-out", "%{stderr}\n%{http_code}",
      "--proto", "=http,https", "--proto-redir", "=http,https", "--location", "--max-redirs", "5",
      "--connect-timeout", "\(connectLimit)", "--speed-limit", "1", "--speed-time",
      "\(stallLimit)", "--max-filesize", "\(limit)",
    ]
    if offset > 0 { arguments += ["--continue-at", "\(offset)"] }
    return arguments + ["--url", url]
  }

  /// Reads `curl: (22) The requested URL returned error: 404`, and the status in the last line.
  static func end(code: Int32?, error: String) -> End {
    var lines = error.split(whereSeparator: \.isNewline)
    let status = lines.last.flatMap { Int($0) }
    if status != nil { lines.removeLast() }
    let line = lines.last { $0.hasPrefix("curl: ") } ?? lines.last
    let message = line.map { line in
      guard line.hasPrefix("curl: ("), let bracket = line.firstIndex(of: ")") else {
        return String(line)
      }
      return String(line[line.index(after: bracket)...].drop { $0 == " " })
    }
    return End(code: code, status: status ?? 0, message: message ?? "")
  }
}
