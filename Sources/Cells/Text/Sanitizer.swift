/// Makes text from files and other programs safe to print outside a frame, by the rules of
/// `SafeGlyphs`. What a `Canvas` writes has passed through the same rules already.
public enum Sanitizer {
  /// `text` with every character that could move a cursor, change a mode or reorder a line shown
  /// as a symbol.
  public static func sanitize(_ text: some StringProtocol, ascii: Bool = false) -> String {
    var safe = ""
    safe.reserveCapacity(text.utf8.count)
    for (glyph, _) in SafeGlyphs(text, ascii: ascii) { safe.append(glyph) }
    return safe
  }
}
