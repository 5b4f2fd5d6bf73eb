/// A tar archive in POSIX's ustar format.
public enum Tar {
  /// An archive of regular files.
  public static func archive(_ files: [(path: String, content: [UInt8])]) -> [UInt8] {
    files.flatMap { entry($0.path, $0.content) } + end
  }

  /// Two blocks of zeros.
  public static let end = [UInt8](repeating: 0, count: 1024)

  /// A header and the content, filled up to whole blocks.
  ///
  /// - Parameters:
  ///   - type: of the entry: `0` a regular file, `2` a link, `5` a folder.
  ///   - size: what the header says of the content; nil for the truth.
  public static func entry(
    _ path: String, _ content: [UInt8], type: Character = "0", size: Int? = nil
  ) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at offset: Int) {
      for (index, byte) in text.utf8.enumerated() { header[offset + index] = byte }
    }
    func octal(_ value: Int, digits: Int) -> String {
      let text = String(value, radix: 8)
      return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
    put(path, at: 0)
    put(octal(0o644, digits: 7), at: 100)
    put(octal(size ?? content.count, digits: 11), at: 124)
    put(String(repeating: " ", count: 8), at: 148)
    put(String(type), at: 156)
    put("ustar\u{0}00", at: 257)
    put(octal(header.reduce(0) { $0 + Int($1) }, digits: 6) + "\u{0}", at: 148)
    return header + content
      + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
  }
}
