/// One thing that was looked at: what was found and, where it is not well, how to mend it.
struct Check: Equatable, Sendable {
  enum Status: String, Encodable, CaseIterable, Comparable, Sendable {
    case ok
    /// All works; something is left unused, or does less than it could.
    case note
    /// It works, but badly or not for long.
    case warning
    /// Something does not work until it is mended.
    case problem

    static func < (a: Self, b: Self) -> Bool {
      allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)!
    }
  }

  let name: String
  let status: Status
  let found: String
  /// nil where there is nothing to mend.
  let mend: String?

  init(_ name: String, _ status: Status, _ found: String, mend: String? = nil) {
    self.name = name
    self.status = status
    self.found = found
    self.mend = mend
  }
}

extension Check: Encodable {
  private enum CodingKeys: CodingKey {
    case name, status, found, mend
  }

  /// Every key is there, `mend` as null where there is nothing to mend.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(status, forKey: .status)
    try container.encode(found, forKey: .found)
    try container.encode(mend, forKey: .mend)
  }
}
