import CTerminal
import Cells

/// Keys as ncurses decodes them.
enum KeyDecoder {
  /// The key; nil where `Key` has none for it.
  static func key(for input: ct_input) -> Key? {
    switch input.kind {
    case CT_INPUT_SCALAR: key(forScalar: input.value)
    case CT_INPUT_FUNCTION_KEY where 1...12 ~= input.value: .function(Int(input.value))
    case CT_INPUT_KEY: key(for: ct_key(rawValue: input.value))
    default: nil
    }
  }

  private static func key(for key: ct_key) -> Key? {
    switch key {
    case CT_KEY_UP: .up
    case CT_KEY_DOWN: .down
    case CT_KEY_LEFT: .left
    case CT_KEY_RIGHT: .right
    case CT_KEY_HOME: .home
    case CT_KEY_END: .end
    case CT_KEY_PAGE_UP: .pageUp
    case CT_KEY_PAGE_DOWN: .pageDown
    case CT_KEY_INSERT: .insert
    case CT_KEY_DELETE: .delete
    case CT_KEY_BACKSPACE: .backspace
    case CT_KEY_ENTER: .enter
    case CT_KEY_BACK_TAB: .backTab
    default: nil
    }
  }

  private static func key(forScalar value: UInt32) -> Key? {
    switch value {
    case 0x08, 0x7F: return .backspace
    case 0x09: return .tab
    case 0x0A, 0x0D: return .enter
    case 0x1B: return .escape
    case 0x01...0x1A: return .control(Character(Unicode.Scalar(UInt8(value) + 0x60)))
    case 0x00..<0x20, 0x80..<0xA0: return nil
    default: return Unicode.Scalar(value).map { .character(Character($0)) }
    }
  }
}
