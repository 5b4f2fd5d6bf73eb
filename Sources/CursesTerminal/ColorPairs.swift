import CTerminal
import Cells

/// ncurses' colour pairs, each defined when a cell first needs it.
@MainActor
struct ColorPairs {
  private struct Pair: Hashable {
    var foreground: Int32
    var background: Int32
  }

  private let depth: ColorDepth
  private let hasDefaultColors: Bool
  private var numbers: [Pair: Int32] = [:]
  /// The terminal had no pair left for some cell.
  private var isExhausted = false

  /// `hasDefaultColors` tells whether the terminal can be told to use its own colours.
  init(depth: ColorDepth, hasDefaultColors: Bool) {
    self.depth = depth
    self.hasDefaultColors = hasDefaultColors
  }

  /// Starts afresh when the last frame ran out of pairs.
  mutating func beginFrame() {
    guard isExhausted else { return }
    ct_forget_pairs()
    numbers.removeAll(keepingCapacity: true)
    isExhausted = false
  }

  /// The pair for a style's colours; 0, the terminal's own colours, where there is none left.
  mutating func number(for style: Style) -> Int32 {
    guard depth != .monochrome else { return 0 }
    guard style.foreground != .terminalDefault || style.background != .terminalDefault else {
      return 0
    }
    let pair = Pair(
      foreground: colorNumber(style.foreground, standIn: 7),
      background: colorNumber(style.background, standIn: 0))
    if let number = numbers[pair] { return number }
    let number = Int32(numbers.count + 1)
    guard ct_define_pair(number, pair.foreground, pair.background) else {
      isExhausted = true
      return 0
    }
    numbers[pair] = number
    return number
  }

  private func colorNumber(_ color: Color, standIn: Int32) -> Int32 {
    if depth == .trueColor, case .rgb(let red, let green, let blue) = color {
      return Int32(red) << 16 | Int32(green) << 8 | Int32(blue)
    }
    if let number = Palette.index(of: color, depth: depth) { return Int32(number) }
    return hasDefaultColors ? -1 : standIn
  }
}
