import Foundation

/// Frames as a recording of a terminal, in the format of asciinema (asciicast v2): a header, and for
/// each frame a line with its time and what a terminal has to be told to show it. Of a frame after the
/// first these are the rows that have changed.
public struct FrameCast {
  private let depth: ColorDepth
  private let size: Size
  private var rows: [String] = []
  /// The lines so far.
  public private(set) var text: String

  /// - Parameters:
  ///   - size: of every frame.
  ///   - title: what players call it.
  public init(size: Size, title: String, depth: ColorDepth = .trueColor) {
    self.size = size
    self.depth = depth
    text =
      "{\"version\": 2, \"width\": \(size.width), \"height\": \(size.height), "
      + "\"title\": \(Self.quoted(Sanitizer.sanitize(title))), \"env\": {\"TERM\": \"xterm-256color\"}}\n"
  }

  /// Adds a frame that is shown from `seconds` after the start on.
  public mutating func append(_ frame: Frame, at seconds: Double) {
    precondition(frame.size == size)
    let new = FrameANSI.encode(frame, depth: depth)
      .split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    // The cursor is hidden and the screen cleared once.
    var output = rows.isEmpty ? "\u{1B}[?25l\u{1B}[2J" : ""
    for (y, row) in new.enumerated() where rows.isEmpty || rows[y] != row {
      output += "\u{1B}[\(y + 1);1H\u{1B}[2K\(row)"
    }
    rows = new
    text +=
      "[\(NumberText.fixed(seconds, decimals: 3)), \"o\", \(Self.quoted(output))]\n"
  }

  /// As a JSON string.
  private static func quoted(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    guard let json = try? encoder.encode(text) else {
      preconditionFailure("every string can be written as JSON")
    }
    return String(decoding: json, as: UTF8.self)
  }
}
