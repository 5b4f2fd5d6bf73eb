import Testing

@testable import Downloads

/// How curl is asked, and what its ends mean.
@Suite struct CurlTests {
  private let curl = Curl(program: "curl", connectLimit: 20, stallLimit: 30)

  private func value(of option: String, in arguments: [String]) throws -> String {
    let index = try #require(arguments.firstIndex(of: option), "\(option)")
    return arguments[index + 1]
  }

  @Test func arguments() throws {
    let all = curl.arguments("http://a/[b]", from: 0, limit: 99)
    // No file of settings is read only where this comes first.
    #expect(all.first == "--disable")
    #expect(all.suffix(2) == ["--url", "http://a/[b]"] && all.contains("--globoff"))
    #expect(try value(of: "--proto", in: all) == "=http,https")
    #expect(try value(of: "--proto-redir", in: all) == "=http,https")
    #expect(try value(of: "--max-filesize", in: all) == "99")
    #expect(try value(of: "--connect-timeout", in: all) == "20")
    #expect(try value(of: "--speed-time", in: all) == "30")
    #expect(!all.contains("--continue-at"))
    let rest = curl.arguments("http://a/b", from: 50, limit: 99)
    #expect(try value(of: "--continue-at", in: rest) == "50")
  }

  @Test func messages() {
    let error = "curl: (22) The requested URL returned error: 404\n\n404"
    let end = Curl.end(code: 22, error: error)
    #expect(end.message == "The requested URL returned error: 404" && end.status == 404)
    #expect(Curl.end(code: 0, error: "\n200") == .init(code: 0, status: 200, message: ""))
    #expect(Curl.end(code: nil, error: "") == .init(code: nil, status: 0, message: ""))
    let warned = Curl.end(code: 6, error: "Warning: x\ncurl: (6) Could not resolve host: a\n\n000")
    #expect(warned.message == "Could not resolve host: a" && warned.status == 0)
    #expect(Curl.end(code: 3, error: "no number").reason == "no number")
    #expect(Curl.end(code: 3, error: "").reason == "curl ended with 3")
    #expect(Curl.end(code: nil, error: "").reason == "curl was killed")
  }

  @Test(
    arguments: [
      (0, 200, Curl.End.Verdict.came), (22, 404, .refused), (22, 403, .refused), (22, 500, .broke),
      (22, 503, .broke), (22, 429, .broke), (22, 408, .broke), (22, 416, .cannotResume),
      (33, 200, .cannotResume), (18, 200, .broke), (28, 0, .broke), (7, 0, .broke),
      (56, 200, .broke),
      (1, 302, .refused), (47, 302, .refused), (60, 0, .refused), (63, 200, .refused),
      (3, 0, .refused),
    ] as [(Int32, Int, Curl.End.Verdict)])
  func verdicts(code: Int32, status: Int, verdict: Curl.End.Verdict) {
    #expect(Curl.End(code: code, status: status, message: "").verdict == verdict)
  }
}
