import Experiments
import Glibc

extension FuzzTarget {
  /// What comes over a run's control socket: a line is read where there is one within the limit, a
  /// message reads back from its text, and every answer is one line that the other side can read.
  static let control = FuzzTarget(
    name: "control", lengthLimit: 6000, shortRun: 50_000,
    dictionary: [
      "pause", "resume", "stop", "checkpoint", "set learning_rate ", "note ", "name ", "ok ",
      "error ", "\n", "  ", "1e-3", "0x1p-3", "nan", "1e999", "\r", "\u{2028}", "e\u{301}",
      "\u{1b}[2J", "👩‍👩‍👧‍👦",
    ],
    bytes: [[0xFF], [0], [UInt8](repeating: UInt8(ascii: "x"), count: 4000)],
    seeds: controlSeeds
  ) { bytes throws(FuzzFailure) in
    let line = received(bytes)
    let newline = bytes.firstIndex(of: UInt8(ascii: "\n"))
    let expected = newline.flatMap { end in
      end < ControlSocket.lineLimit ? String(decoding: bytes[..<end], as: UTF8.self) : nil
    }
    try require(line == expected, "\(expected as Any) is the line, not \(line as Any)")
    guard let line else { return }
    if let reply = ControlReply(line: line) {
      try require(reply.line == line, "\(line) is the line of its reply")
    }
    let message: ControlMessage
    do throws(ControlError) {
      message = try ControlMessage(line)
    } catch {
      try requireOneLine(error.description)
      return try checkReply(ControlReply(isDone: false, text: error.description))
    }
    try checkLine(message.text)
    let copy = try unfailing("\(message.text) is a message") { () throws(ControlError) in
      try ControlMessage(message.text)
    }
    try require(copy == message, "\(message) reads back")
  }

  private static var controlSeeds: [[UInt8]] {
    [
      "pause\n", "resume\n", "stop\n", "checkpoint\n", "set learning_rate 0.0125\n",
      "note too  short\n", "name best\n", " puase\n", "pause", "ok paused after step 7\n", "\n\n",
    ].map { Array($0.utf8) } + [
      Array("note ".utf8) + Array(String(repeating: "👩‍👩‍👧‍👦", count: 200).utf8) + [10],
      Array(repeating: UInt8(ascii: "y"), count: 4095) + [10],
      Array(repeating: UInt8(ascii: "z"), count: 4096) + [10],
    ]
  }

  /// A line that fits and comes out as it went in.
  private static func checkLine(_ line: String) throws(FuzzFailure) {
    try require(received(Array("\(line)\n".utf8)) == line, "\(line) comes through the socket")
  }

  private static func checkReply(_ reply: ControlReply) throws(FuzzFailure) {
    try checkLine(reply.line)
    try require(ControlReply(line: reply.line) == reply, "\(reply) reads back")
  }

  /// What one end of a socket reads of what the other has sent before it hung up.
  private static func received(_ bytes: [UInt8]) -> String? {
    var ends: [Int32] = [0, 0]
    precondition(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
    defer { close(ends[0]) }
    let isSent = send(ends[1], bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    precondition(isSent, "a socket holds more than an input")
    close(ends[1])
    return ControlSocket.readLine(from: ends[0], within: 5)
  }
}
