import Pictures

/// The filters of a convolution as one picture: side by side, grey where a weight is 0, white and black
/// at plus and minus the largest.
struct FilterSheet {
  let picture: Picture

  /// Most filters that are shown.
  private static let limit = 64

  /// - Parameters:
  ///   - inputs: channels that a filter sees; three are red, green and blue, of other numbers the mean
  ///     is shown.
  ///   - weight: filters×inputs×kernel×kernel.
  /// - Returns: nil where a filter is a single number, or a weight is not finite.
  init?(filters: Int, inputs: Int, kernel: Int, weight: [Float]) {
    precondition(weight.count == filters * inputs * kernel * kernel)
    let count = min(filters, Self.limit)
    let largest = weight.reduce(0) { max($0, abs($1)) }
    guard kernel > 1, weight.allSatisfy(\.isFinite), largest > 0 else { return nil }
    let channels = inputs == 3 ? 3 : 1
    let columns = Int(Double(count).squareRoot().rounded(.up))
    let rows = (count + columns - 1) / columns
    let (width, height) = (columns * (kernel + 1) - 1, rows * (kernel + 1) - 1)
    var pixels = [UInt8](repeating: 0, count: width * height * channels)
    for filter in 0..<count {
      let (left, top) = (filter % columns * (kernel + 1), filter / columns * (kernel + 1))
      for y in 0..<kernel {
        for x in 0..<kernel {
          func value(_ input: Int) -> Float {
            weight[((filter * inputs + input) * kernel + y) * kernel + x] / largest
          }
          for channel in 0..<channels {
            let shown =
              channels == 3
              ? value(channel) : (0..<inputs).reduce(0) { $0 + value($1) } / Float(inputs)
            pixels[((top + y) * width + left + x) * channels + channel] = UInt8(
              max(0, min(255, (127.5 + 127.5 * shown).rounded())))
          }
        }
      }
    }
    picture = Picture(width: width, height: height, channels: channels, pixels: pixels)
  }
}
