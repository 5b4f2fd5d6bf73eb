/// What a terminal of type xterm shows: as much of it as ncurses uses, glyphs and their places but
/// no colours.
public struct TerminalScreen: Sendable {
  public let width: Int
  public let height: Int
  /// The alternate screen is on, as full-screen programs have it.
  public private(set) var isAlternate = false
  public private(set) var isCursorVisible = true
  private var cells: [[Character]]
  private var x = 0
  private var y = 0
  private var saved = (x: 0, y: 0)
  private var top: Int
  private var bottom: Int
  private var last: Character = " "
  private var pending: [UInt8] = []

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    top = 0
    bottom = height - 1
    cells = Array(repeating: Array(repeating: " ", count: width), count: height)
  }

  /// The rows, without the blanks at their ends.
  public var rows: [String] {
    cells.map { row in
      let end = row.lastIndex { $0 != " " } ?? -1
      return String(row[..<(end + 1)])
    }
  }

  public var text: String { rows.joined(separator: "\n") }

  mutating func feed(_ bytes: some Sequence<UInt8>) {
    pending += bytes
    var index = 0
    while index < pending.count, let end = step(at: index) { index = end }
    pending.removeFirst(index)
  }

  /// Takes in what stands at `index`; nil if it is not all there yet.
  private mutating func step(at index: Int) -> Int? {
    let byte = pending[index]
    switch byte {
    case 0x1B: return escape(at: index)
    case 0x07, 0x00, 0x0E, 0x0F: break
    case 0x08: x = max(0, x - 1)
    case 0x09: x = min(width - 1, (x / 8 + 1) * 8)
    case 0x0A...0x0C: lineFeed()
    case 0x0D: x = 0
    default:
      let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
      guard index + length <= pending.count else { return nil }
      for character in String(decoding: pending[index..<index + length], as: UTF8.self) {
        put(character)
      }
      return index + length
    }
    return index + 1
  }

  private mutating func put(_ character: Character) {
    if x >= width {
      x = 0
      lineFeed()
    }
    cells[y][x] = character
    last = character
    x += 1
  }

  private mutating func lineFeed() {
    if y == bottom { scroll(from: top, by: 1) } else { y = min(height - 1, y + 1) }
  }

  /// Moves the rows from `first` to the bottom margin up, or down where `count` is negative.
  private mutating func scroll(from first: Int, by count: Int) {
    let blank = Array(repeating: Character(" "), count: width)
    for _ in 0..<min(abs(count), height) {
      if count > 0 {
        cells.remove(at: first)
        cells.insert(blank, at: bottom)
      } else {
        cells.remove(at: bottom)
        cells.insert(blank, at: first)
      }
    }
  }

  private mutating func escape(at index: Int) -> Int? {
    guard index + 1 < pending.count else { return nil }
    switch pending[index + 1] {
    case UInt8(ascii: "["):
      var end = index + 2
      while end < pending.count, !(0x40...0x7E).contains(pending[end]) { end += 1 }
      guard end < pending.count else { return nil }
      control(pending[end], String(decoding: pending[index + 2..<end], as: UTF8.self))
      return end + 1
    case UInt8(ascii: "]"):
      // An operating system command ends in BEL or ST.
      var end = index + 2
      while end < pending.count, pending[end] != 7, pending[end] != 0x5C { end += 1 }
      return end < pending.count ? end + 1 : nil
    case UInt8(ascii: "("), UInt8(ascii: ")"):
      return index + 3 <= pending.count ? index + 3 : nil
    case UInt8(ascii: "7"): saved = (x, y)
    case UInt8(ascii: "8"): (x, y) = saved
    case UInt8(ascii: "M"):
      if y == top { scroll(from: top, by: -1) } else { y = max(0, y - 1) }
    default: break
    }
    return index + 2
  }

  private mutating func control(_ final: UInt8, _ parameters: String) {
    let numbers = parameters.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) }
    func number(_ index: Int, default value: Int = 1) -> Int {
      index < numbers.count ? numbers[index] ?? value : value
    }
    let count = max(1, number(0))
    switch final {
    case UInt8(ascii: "H"), UInt8(ascii: "f"):
      y = min(height, max(1, number(0))) - 1
      x = min(width, max(1, number(1))) - 1
    case UInt8(ascii: "A"): y = max(0, y - count)
    case UInt8(ascii: "B"): y = min(height - 1, y + count)
    case UInt8(ascii: "C"): x = min(width - 1, x + count)
    case UInt8(ascii: "D"): x = max(0, x - count)
    case UInt8(ascii: "G"): x = min(width, count) - 1
    case UInt8(ascii: "d"): y = min(height, count) - 1
    case UInt8(ascii: "J"): eraseScreen(number(0, default: 0))
    case UInt8(ascii: "K"): eraseLine(number(0, default: 0))
    case UInt8(ascii: "X"): blank(row: y, x..<min(width, x + count))
    case UInt8(ascii: "P"):
      guard x < width else { return }
      for _ in 0..<min(count, width - x) {
        cells[y].remove(at: x)
        cells[y].append(" ")
      }
    case UInt8(ascii: "@"):
      guard x < width else { return }
      for _ in 0..<min(count, width - x) {
        cells[y].insert(" ", at: x)
        cells[y].removeLast()
      }
    case UInt8(ascii: "L"): scroll(from: y, by: -count)
    case UInt8(ascii: "M"): scroll(from: y, by: count)
    case UInt8(ascii: "S"): scroll(from: top, by: count)
    case UInt8(ascii: "T"): scroll(from: top, by: -count)
    case UInt8(ascii: "b"): for _ in 0..<count { put(last) }
    case UInt8(ascii: "r"):
      let margins = (max(1, number(0)) - 1, min(height, number(1, default: height)) - 1)
      // Others are none, as those of a larger screen that has shrunk meanwhile.
      guard margins.0 < margins.1 else { return }
      (top, bottom) = margins
      (x, y) = (0, 0)
    case UInt8(ascii: "h"), UInt8(ascii: "l"):
      let isOn = final == UInt8(ascii: "h")
      if parameters == "?25" || parameters == "?12;25" { isCursorVisible = isOn }
      if parameters == "?1049" {
        isAlternate = isOn
        eraseScreen(2)
      }
    default: break
    }
  }

  private mutating func eraseScreen(_ part: Int) {
    for row in 0..<height where part >= 2 || (part == 0 ? row > y : row < y) {
      blank(row: row, 0..<width)
    }
    if part < 2 { eraseLine(part) }
  }

  private mutating func eraseLine(_ part: Int) {
    switch part {
    case 0: blank(row: y, min(x, width)..<width)
    case 1: blank(row: y, 0..<min(width, x + 1))
    default: blank(row: y, 0..<width)
    }
  }

  private mutating func blank(row: Int, _ columns: Range<Int>) {
    for column in columns { cells[row][column] = " " }
  }
}
