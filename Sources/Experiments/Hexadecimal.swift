extension Sequence<UInt8> {
  /// Two digits a byte.
  var hexadecimal: String {
    map { $0 < 16 ? "0\(String($0, radix: 16))" : String($0, radix: 16) }.joined()
  }
}
