import Foundation

extension FuzzRun {
  /// An input as it is told to whoever wants to keep it.
  public static func base64(_ input: [UInt8]) -> String { Data(input).base64EncodedString() }
}
