/// Channels, height and width of one image or feature map.
public struct ImageShape: Hashable, Sendable, CustomStringConvertible {
  public var channels: Int
  public var height: Int
  public var width: Int

  public init(channels: Int, height: Int, width: Int) {
    self.channels = channels
    self.height = height
    self.width = width
  }

  /// Reads `CxHxW`, such as `3x224x224`, or with `×` as `description` writes it; nil for anything
  /// else.
  public init?(parsing text: String) {
    let parts = text.split(omittingEmptySubsequences: false) { "x×".contains($0) }.map { Int($0) }
    guard parts.count == 3, let c = parts[0], let h = parts[1], let w = parts[2] else { return nil }
    self.init(channels: c, height: h, width: w)
  }

  /// C×H×W.
  public var dimensions: [Int] { [channels, height, width] }
  public var count: Int { channels * height * width }
  public var description: String { "\(channels)×\(height)×\(width)" }
}
