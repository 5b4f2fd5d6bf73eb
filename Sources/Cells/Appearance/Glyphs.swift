/// The characters that widgets draw with: one set for UTF-8 terminals, one for ASCII.
public struct Glyphs: Sendable {
  /// The eight pieces of a box.
  public struct Box: Sendable {
    public var topLeft, topRight, bottomLeft, bottomRight: Character
    public var horizontal, vertical: Character
  }

  /// Text may hold ASCII only.
  public var isASCII: Bool
  /// Lines are plotted in braille, 2×4 dots a cell; else one character a cell.
  public var usesBraille: Bool
  public var box: Box
  public var ellipsis: Character
  /// Where a tick meets an axis, and the axes' corner.
  public var tickLeft, tickBottom, axisCorner: Character
  /// Faint lines behind a plot.
  public var gridHorizontal, gridVertical: Character
  /// A data point of its own, one of another kind, a marked one, and values that are no number or lie
  /// outside.
  public var point, otherPoint, markedPoint, notANumber, above, below: Character
  /// Where something happened, on an axis.
  public var event: Character
  /// The stroke in a legend.
  public var stroke: Character
  /// How series are told apart where they cannot be by colour, in their order.
  public var seriesMarks: [Character]
  /// A cell filled by 1/n … n/n from the left, and one that is not filled.
  public var gaugeSteps: [Character]
  public var gaugeTrack: Character
  /// A cell filled by 1/n … n/n from the bottom.
  public var sparkSteps: [Character]
  /// A cell's upper half; nil where there is no such glyph.
  public var upperHalf: Character?
  /// From none to all of a cell's ink.
  public var shades: [Character]
  public var scrollTrack, scrollThumb: Character
  /// Brackets around a value that the arrow keys change.
  public var previous, next: Character
  public var checked, unchecked: Character
  public var success, failure, running, paused, stopped, waiting, bullet: Character
  public var ascending, descending: Character
  /// Where lines of a diagram part and meet, and where paths are added up.
  public var teeRight, teeDown, teeUp, sum: Character
  /// Before a row that has changed.
  public var changed: Character
  /// Between the parts of a line.
  public var separator: Character

  public static let unicode = Glyphs(
    isASCII: false, usesBraille: true,
    box: Box(
      topLeft: "╭", topRight: "╮", bottomLeft: "╰", bottomRight: "╯", horizontal: "─",
      vertical: "│"),
    ellipsis: "…", tickLeft: "┤", tickBottom: "┬", axisCorner: "└", gridHorizontal: "┈",
    gridVertical: "┊", point: "•", otherPoint: "◦", markedPoint: "◆", notANumber: "×", above: "↑",
    below: "↓",
    event: "▴",
    stroke: "━", seriesMarks: ["━"],
    gaugeSteps: ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"], gaugeTrack: "░",
    sparkSteps: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"], upperHalf: "▀",
    shades: [" ", "░", "▒", "▓", "█"], scrollTrack: "│", scrollThumb: "┃",
    previous: "‹", next: "›", checked: "■", unchecked: "□", success: "✓", failure: "✗",
    running: "▶", paused: "‖", stopped: "▪", waiting: "○", bullet: "•", ascending: "▲",
    descending: "▼",
    teeRight: "├", teeDown: "┬", teeUp: "┴", sum: "⊕", changed: "▸", separator: "·")

  public static let ascii = Glyphs(
    isASCII: true, usesBraille: false,
    box: Box(
      topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+", horizontal: "-",
      vertical: "|"),
    ellipsis: "~", tickLeft: "+", tickBottom: "+", axisCorner: "+", gridHorizontal: ".",
    gridVertical: ":", point: "o", otherPoint: "0", markedPoint: "@", notANumber: "X", above: "^",
    below: "v",
    event: "^",
    stroke: "-", seriesMarks: ["*", "x", "#", "%", "=", "&", "$", "+"],
    gaugeSteps: ["#"], gaugeTrack: ".", sparkSteps: ["_", ".", "-", "=", "+", "*", "#"],
    upperHalf: nil, shades: [" ", ".", ":", "-", "=", "+", "*", "#", "%", "@"],
    scrollTrack: "|", scrollThumb: "#", previous: "<", next: ">", checked: "x", unchecked: "-",
    success: "+", failure: "x", running: ">", paused: "=", stopped: "#", waiting: "o", bullet: "*",
    ascending: "^", descending: "v", teeRight: "+", teeDown: "+",
    teeUp: "+", sum: "+", changed: ">", separator: "|")
}
