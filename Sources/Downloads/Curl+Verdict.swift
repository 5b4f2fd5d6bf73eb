extension Curl.End {
  /// What an end of a transfer means for the next attempt.
  enum Verdict: Equatable {
    /// All that the server has to say has come.
    case came
    /// Another attempt may do better.
    case broke
    /// The server cannot go on from that byte; it may from the first.
    case cannotResume
    /// No attempt will do better.
    case refused
  }

  var verdict: Verdict {
    switch code {
    case 0: .came
    // The HTTP status is an error's.
    case 22:
      switch status {
      case 408, 429, 500...: .broke
      case 416: .cannotResume
      default: .refused
      }
    case 33: .cannotResume
    // Names, connections, TLS, timeouts, answers that end early.
    case 5, 6, 7, 16, 18, 28, 35, 52, 55, 56, 92, 95, 96: .broke
    // Ended from outside.
    case nil: .broke
    default: .refused
    }
  }

  /// In words.
  var reason: String {
    if !message.isEmpty { return message }
    guard let code else { return "curl was killed" }
    return code == 0 ? "the server ended it early" : "curl ended with \(code)"
  }
}
