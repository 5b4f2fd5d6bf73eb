/// A frame for golden files: its rows as text, then only the runs of cells that have a style.
///
/// A style line names the row (or rows, where neighbours are alike) and, for each run, its first
/// and last column with what differs from plain: `3: 0-9 #7CC7FF bold, 12 on #1F5A9E`.
public enum StyleRuns {
  public static func encode(_ frame: Frame) -> String {
    var text = FrameText.encode(frame)
    text += "-- styles of \(frame.size.width)x\(frame.size.height) --\n"
    let rows = (0..<frame.size.height).map { runs(row: $0, of: frame) }
    var first = 0
    while first < rows.count {
      var last = first
      while last + 1 < rows.count, rows[last + 1] == rows[first] { last += 1 }
      if !rows[first].isEmpty {
        text += first == last ? "\(first): " : "\(first)-\(last): "
        text += "\(rows[first])\n"
      }
      first = last + 1
    }
    return text
  }

  private static func runs(row y: Int, of frame: Frame) -> String {
    var runs: [String] = []
    var start = 0
    while start < frame.size.width {
      let style = frame[start, y].style
      var end = start
      while end + 1 < frame.size.width, frame[end + 1, y].style == style { end += 1 }
      if style != .plain {
        runs.append((start == end ? "\(start)" : "\(start)-\(end)") + describe(style))
      }
      start = end + 1
    }
    return runs.joined(separator: ", ")
  }

  private static func describe(_ style: Style) -> String {
    var text = ""
    if let color = describe(style.foreground) { text += " \(color)" }
    if let color = describe(style.background) { text += " on \(color)" }
    let names: [(Style.Attributes, String)] = [
      (.bold, "bold"), (.dim, "dim"), (.italic, "italic"), (.underline, "underline"),
      (.reverse, "reverse"),
    ]
    for (attribute, name) in names where style.attributes.contains(attribute) { text += " \(name)" }
    return text
  }

  private static func describe(_ color: Color) -> String? {
    guard case .rgb(let red, let green, let blue) = color else { return nil }
    let value = UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue)
    let digits = String(value, radix: 16, uppercase: true)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }
}
