import CTerminal
import Cells

/// Turns cells into what ncurses takes. ncurses gives a glyph as many columns as the C library says,
/// a frame as many as its cells do: where they differ the frame's columns win.
@MainActor
struct CellEncoder {
  private var pairs: ColorPairs
  private let replacement: UInt32
  private var lastStyle = Style.plain
  private var lastPair: Int32 = 0

  init(pairs: ColorPairs, isUTF8: Bool) {
    self.pairs = pairs
    replacement = isUTF8 ? 0xFFFD : 0x3F
  }

  mutating func beginFrame() {
    pairs.beginFrame()
    lastStyle = .plain
    lastPair = 0
  }

  /// Appends one cell for each of `cells`, which are a row from its left end.
  mutating func encode(_ cells: ArraySlice<Cell>, into row: inout [ct_cell]) {
    var x = cells.startIndex
    while x < cells.endIndex {
      let cell = cells[x]
      let isWide = x + 1 < cells.endIndex && cells[x + 1].glyph == nil && cell.glyph != nil
      if cell.style != lastStyle {
        lastStyle = cell.style
        lastPair = pairs.number(for: cell.style)
      }
      var encoded = ct_cell()
      encoded.pair = lastPair
      encoded.attributes = UInt32(cell.style.attributes.rawValue)
      let width = setScalars(of: cell.glyph ?? " ", columns: isWide ? 2 : 1, in: &encoded)
      row.append(encoded)
      if isWide {
        if width == 2 {
          encoded.scalars.0 = 0
        } else {
          setScalars(of: " ", columns: 1, in: &encoded)
        }
        row.append(encoded)
      }
      x += isWide ? 2 : 1
    }
  }

  /// Writes a glyph's spacing scalar and the combining ones after it, or the replacement character
  /// where the glyph has no printable start or needs more than `columns`.
  ///
  /// - Returns: the columns that ncurses will give to it.
  @discardableResult
  private func setScalars(of glyph: Character, columns: Int32, in cell: inout ct_cell) -> Int32 {
    cell.scalars = (0, 0, 0, 0, 0)
    if let ascii = glyph.asciiValue, ascii >= 0x20, ascii < 0x7F {
      cell.scalars.0 = UInt32(ascii)
      return 1
    }
    let scalars = glyph.unicodeScalars
    let first = scalars[scalars.startIndex].value
    let width = ct_scalar_width(first)
    guard width > 0, width <= columns else {
      cell.scalars.0 = replacement
      return 1
    }
    withUnsafeMutableBytes(of: &cell.scalars) { bytes in
      let slots = bytes.bindMemory(to: UInt32.self)
      slots[0] = first
      var count = 1
      // Terminals disagree about joiners and variation selectors, which are ignorable.
      for scalar in scalars.dropFirst() where !scalar.properties.isDefaultIgnorableCodePoint {
        guard count < slots.count, ct_scalar_width(scalar.value) == 0 else { break }
        slots[count] = scalar.value
        count += 1
      }
    }
    return width
  }

  /// The glyph in a cell that ncurses shows; nil in the second column of a wide one.
  static func glyph(of cell: ct_cell) -> Character? {
    var text = String.UnicodeScalarView()
    withUnsafeBytes(of: cell.scalars) { bytes in
      for value in bytes.bindMemory(to: UInt32.self).prefix(while: { $0 != 0 }) {
        text.append(Unicode.Scalar(value) ?? "\u{FFFD}")
      }
    }
    return text.isEmpty ? nil : Character(String(text))
  }
}
